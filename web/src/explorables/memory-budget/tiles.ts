// Tiles as convivo cuts them (`convivo.ops.tiling`): every window has the same side, and windows at the border end with
// the image. What is kept of each are the pixels that lie a halo away from its sides, or at the image's border.

import { answer, type Maps } from "./net.ts";

/** Along one axis: what a tile reads, and what is kept of it, each from a first pixel to before a last one. */
export interface Span {
	readonly read: readonly [number, number];
	readonly core: readonly [number, number];
}

export type Normalised = "image" | "tile";

export function spans(length: number, side: number, halo: number): Span[] {
	const width = side + 2 * halo;
	if (length <= width) return [{ read: [0, length], core: [0, length] }];
	const starts: number[] = [];
	for (let start = 0; start < length - width; start += side) starts.push(start);
	starts.push(length - width);
	const borders = [0, ...starts.slice(1).map((start) => start + halo), length];
	return starts.map((start, i) => ({ read: [start, start + width], core: [borders[i]!, borders[i + 1]!] }));
}

/** The answer for a square image, put together from tiles. */
export function tiled(image: Maps, side: number, halo: number, normalised: Normalised): Float64Array {
	const { width } = image;
	const out = new Float64Array(width * width);
	const whole = moments(image.data);
	const along = spans(width, side, halo);
	for (const rows of along) {
		for (const columns of along) {
			const window = cut(image, rows.read, columns.read);
			const told = answer(standardised(window, normalised === "tile" ? moments(window.data) : whole));
			for (let y = rows.core[0]; y < rows.core[1]; y++) {
				const from = (y - rows.read[0]) * told.width - columns.read[0];
				for (let x = columns.core[0]; x < columns.core[1]; x++) out[y * width + x] = told.data[from + x]!;
			}
		}
	}
	return out;
}

function cut({ width, data }: Maps, rows: Span["read"], columns: Span["read"]): Maps {
	const [height, wide] = [rows[1] - rows[0], columns[1] - columns[0]];
	const part = new Float64Array(height * wide);
	for (let y = 0; y < height; y++) {
		const from = (rows[0] + y) * width + columns[0];
		part.set(data.subarray(from, from + wide), y * wide);
	}
	return { channels: 1, height, width: wide, data: part };
}

interface Moments {
	readonly mean: number;
	readonly deviation: number;
}

function moments(values: Float64Array): Moments {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
	return { mean, deviation: Math.sqrt(square) || 1 };
}

function standardised(maps: Maps, { mean, deviation }: Moments): Maps {
	return { ...maps, data: maps.data.map((value) => (value - mean) / deviation) };
}

/** How far the tiled answer is from the whole one, as shares of the whole one's standard deviation. */
export function seams(tiles: Float64Array, whole: Float64Array): Float64Array {
	const { deviation } = moments(whole);
	return tiles.map((value, i) => Math.abs(value - whole[i]!) / deviation);
}
