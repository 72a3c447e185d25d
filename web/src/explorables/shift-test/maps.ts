// Maps are rows of numbers; the layers of the shift test on them. No layer pads: a map holds only what is wholly inside.

import { squareOf } from "../../parts/square.ts";
import type { Tensor } from "../../tensor.ts";

export interface FeatureMap {
	readonly height: number;
	readonly width: number;
	readonly values: Float64Array;
}

export const SIDE = 48; // pixels of the image that the layers see

/** Layers, each with the pixels from one of its values to the next. */
export const LAYERS = {
	convolved: { stride: 1, of: (image: FeatureMap) => correlated(image, SOBEL_X) },
	steady: { stride: 1, of: (image: FeatureMap) => maxima(image) },
	pooled: { stride: 2, of: (image: FeatureMap) => everySecond(maxima(image)) },
	blurred: { stride: 2, of: (image: FeatureMap) => everySecond(correlated(maxima(image), BINOMIAL)) },
} as const;
export type Layer = keyof typeof LAYERS;

const SOBEL_X = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
const BINOMIAL = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16);

/** A square of a picture, taken `shift` pixels further left, so that what it shows moves right. */
export function cut(pixels: Tensor<Float32Array>, row: number, column: number, shift: number): FeatureMap {
	return { height: SIDE, width: SIDE, values: squareOf(pixels, row, column - shift, SIDE) };
}

/** Stripes, two pixels bright and two dark, moved right. */
export function stripes(shift: number): FeatureMap {
	const values = Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
		const along = (((i % SIDE) - shift) % 4) + 4;
		return along % 4 < 2 ? 1 : 0;
	});
	return { height: SIDE, width: SIDE, values };
}

/** A 3 x 3 kernel laid on at every place. */
function correlated({ height, width, values }: FeatureMap, kernel: readonly number[]): FeatureMap {
	return made(height - 2, width - 2, (y, x) => {
		let sum = 0;
		for (let i = 0; i < 9; i++) sum += kernel[i]! * values[(y + Math.floor(i / 3)) * width + x + (i % 3)]!;
		return sum;
	});
}

/** The largest of each 2 x 2 pixels, at every place. */
function maxima({ height, width, values }: FeatureMap): FeatureMap {
	return made(height - 1, width - 1, (y, x) => {
		const at = y * width + x;
		return Math.max(values[at]!, values[at + 1]!, values[at + width]!, values[at + width + 1]!);
	});
}

function everySecond({ height, width, values }: FeatureMap): FeatureMap {
	return made(Math.ceil(height / 2), Math.ceil(width / 2), (y, x) => values[2 * y * width + 2 * x]!);
}

function made(height: number, width: number, value: (y: number, x: number) => number): FeatureMap {
	const values = new Float64Array(height * width);
	for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++) values[i++] = value(y, x);
	return { height, width, values };
}
