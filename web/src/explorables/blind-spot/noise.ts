// Noise to add, the same again for the same seed: each pixel's own, or running along rows.
// Every field has mean 0 and variance 1, so that an amount of it is a standard deviation.

import { normals } from "../../parts/random.ts";

/** How noise runs along a row: fading over some pixels, or the same from end to end. */
export type Lines = "streaks" | "stripes";

export const LINES: readonly Lines[] = ["streaks", "stripes"];

const FADING = Math.exp(-1 / 8); // correlation of neighbours in a streak: down to a third after eight pixels

/** Noise of each pixel's own. */
export function ownNoise(height: number, width: number, seed: number): Float64Array {
	return standardised(Float64Array.from({ length: height * width }, normals(2 * seed)));
}

/** Noise that runs along rows and is new in every row. */
export function rowNoise(lines: Lines, height: number, width: number, seed: number): Float64Array {
	const draw = normals(2 * seed + 1); // other numbers than those of the pixels' own noise
	const fading = lines === "streaks" ? FADING : 1;
	const fresh = Math.sqrt(1 - fading * fading); // keeps the variance at 1 along the row
	const field = new Float64Array(height * width);
	for (let y = 0; y < height; y++) {
		let value = draw();
		for (let x = 0; x < width; x++) {
			field[y * width + x] = value;
			if (fresh > 0) value = fading * value + fresh * draw();
		}
	}
	return standardised(field);
}

function standardised(field: Float64Array): Float64Array {
	const mean = field.reduce((sum, value) => sum + value, 0) / field.length;
	const variance = field.reduce((sum, value) => sum + (value - mean) ** 2, 0) / field.length;
	const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
	return field.map((value) => (value - mean) * scale);
}
