// A square of a picture.

import type { Tensor } from "../tensor.ts";

/** (side, side) in rows, from an upper left pixel on; beyond its border the picture is mirrored. */
export function squareOf(
	pixels: Tensor<Float32Array>,
	row: number,
	column: number,
	side: number,
): Float64Array<ArrayBuffer> {
	const [height = 0, width = 0] = pixels.shape;
	return Float64Array.from({ length: side * side }, (_, i) => {
		const y = mirrored(row + Math.floor(i / side), height);
		const x = mirrored(column + (i % side), width);
		return pixels.data[y * width + x]!;
	});
}

/** The upper left pixel of a square, moved so that the square lies in the picture where it can. */
export function cornerIn(pixels: Tensor, row: number, column: number, side: number) {
	const [height = 0, width = 0] = pixels.shape;
	const within = (at: number, length: number) =>
		Math.max(0, Math.min(Math.round(at), Math.max(0, length - side)));
	return { y: within(row, height), x: within(column, width) };
}

function mirrored(place: number, length: number): number {
	if (length === 1) return 0;
	const turn = 2 * (length - 1);
	const along = ((place % turn) + turn) % turn;
	return along < length ? along : turn - along;
}
