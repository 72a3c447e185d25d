// A small picture in the middle of a larger frame, so that pixels stay as large as they are.

import type { Tensor } from "../../tensor.ts";

export interface Framed {
	/** (height, width) of the frame, in rows; NaN around the picture. */
	readonly values: Float32Array;
	readonly top: number;
	readonly left: number;
}

export function framed(pixels: Tensor, height: number, width: number): Framed {
	const [tall = 0, wide = 0] = pixels.shape;
	const top = Math.max(0, Math.floor((height - tall) / 2));
	const left = Math.max(0, Math.floor((width - wide) / 2));
	const values = new Float32Array(height * width).fill(Number.NaN);
	for (let row = 0; row < tall; row++) {
		values.set(pixels.data.subarray(row * wide, (row + 1) * wide), (top + row) * width + left);
	}
	return { values, top, left };
}
