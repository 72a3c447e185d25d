// A sample with as much foreground as is asked for, to the pixel, and the image of it: foreground is brighter, and
// noise lies over all. Around the sample lies an empty border, which is dark.

import { normals } from "../../parts/random.ts";

export const SIDE = 96; // pixels of the sample, to each side
export const CONTRAST = 4; // how much brighter foreground is, in deviations of the noise
const DARK = -4; // of the border: so dark that nobody takes it for foreground
const SPREAD = 3; // pixels: how wide the hills are of which foreground is the top
const GRAIN = 1; // pixels: how far noise reaches

export interface Sample {
	/** Pixels of the sample, those first that become foreground first. */
	readonly order: Int32Array;
	/** (SIDE, SIDE), mean 0 and variance 1. */
	readonly noise: Float64Array;
}

export interface Field {
	/** Of the sample with its border. */
	readonly side: number;
	/** (side, side): 1 is foreground. */
	readonly truth: Uint8Array;
	/** (side, side), in deviations of the noise; background is 0 on average. */
	readonly values: Float32Array;
}

export function sampleOf(seed: number): Sample {
	const hills = smoothed(2 * seed, SPREAD);
	const order = Int32Array.from(hills, (_, i) => i).sort((a, b) => hills[b]! - hills[a]!);
	return { order, noise: smoothed(2 * seed + 1, GRAIN) };
}

/** The image of a sample, a share of which is foreground, with a border of so many pixels. */
export function fieldOf({ order, noise }: Sample, share: number, border: number): Field {
	const side = SIDE + 2 * border;
	const truth = new Uint8Array(side * side);
	const values = new Float32Array(side * side).fill(DARK);
	const place = (pixel: number) => (Math.floor(pixel / SIDE) + border) * side + (pixel % SIDE) + border;
	const foreground = Math.round(share * order.length);
	for (const [rank, pixel] of order.entries()) {
		const isForeground = rank < foreground;
		truth[place(pixel)] = isForeground ? 1 : 0;
		values[place(pixel)] = noise[pixel]! + (isForeground ? CONTRAST : 0);
	}
	return { side, truth, values };
}

/** Normal noise, averaged three times over squares that reach so far and run over the edge; variance 1. */
function smoothed(seed: number, reach: number): Float64Array {
	let field = Float64Array.from({ length: SIDE * SIDE }, normals(seed));
	for (let time = 0; time < 3; time++) field = averaged(averaged(field, reach, 1), reach, SIDE);
	const mean = field.reduce((sum, value) => sum + value, 0) / field.length;
	const variance = field.reduce((sum, value) => sum + (value - mean) ** 2, 0) / field.length;
	return field.map((value) => (value - mean) / Math.sqrt(variance));
}

/** The average over neighbours that lie `step` apart: along rows for 1, along columns for SIDE. */
function averaged(field: Float64Array, reach: number, step: number): Float64Array<ArrayBuffer> {
	const turn = step === 1 ? SIDE : SIDE * SIDE;
	return Float64Array.from(field, (_, i) => {
		const start = step === 1 ? i - (i % SIDE) : 0;
		let sum = 0;
		for (let away = -reach; away <= reach; away++)
			sum += field[start + ((i - start + away * step + turn) % turn)]!;
		return sum;
	});
}
