// What 81 weights make of a picture: each pixel from its window.

import { REACH, SIDE } from "./window.ts";

/** (height - 8, width - 8) values in rows, for the pixels whose window lies in the picture. */
export function filtered(
	values: Float64Array,
	height: number,
	width: number,
	weights: Float64Array,
): Float32Array<ArrayBuffer> {
	const tall = height - 2 * REACH;
	const wide = width - 2 * REACH;
	const result = new Float32Array(tall * wide);
	const line = new Float64Array(wide);
	for (let y = 0; y < tall; y++) {
		line.fill(0);
		for (let down = 0; down < SIDE; down++) addRow(line, values, (y + down) * width, weights, down * SIDE);
		result.set(line, y * wide);
	}
	return result;
}

/** One row of the window for a line of pixels; nine products at once, because memory is slower than arithmetic. */
function addRow(
	line: Float64Array,
	values: Float64Array,
	from: number,
	weights: Float64Array,
	first: number,
): void {
	const [a, b, c, d, e, f, g, h, i] = weights.subarray(first, first + SIDE) as unknown as Nine;
	for (let x = 0; x < line.length; x++) {
		const at = from + x;
		line[x] =
			(line[x] as number) +
			(a * (values[at] as number) + b * (values[at + 1] as number) + c * (values[at + 2] as number)) +
			(d * (values[at + 3] as number) + e * (values[at + 4] as number) + f * (values[at + 5] as number)) +
			(g * (values[at + 6] as number) + h * (values[at + 7] as number) + i * (values[at + 8] as number));
	}
}

type Nine = [number, number, number, number, number, number, number, number, number];
