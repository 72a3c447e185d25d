// Kernels that one should have met, as 3 x 3.

import { resized, sideOf } from "./convolution.ts";

export interface Preset {
	readonly name: string;
	/** What it does to an image. */
	readonly about: string;
	readonly weights: readonly number[];
}

const SIXTEENTHS = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16);

export const SOBEL_X = [-1, 0, 1, -2, 0, 2, -1, 0, 1];

export const PRESETS: readonly Preset[] = [
	{ name: "Identity", about: "Leaves the image as it is.", weights: [0, 0, 0, 0, 1, 0, 0, 0, 0] },
	{ name: "Blur", about: "A small Gaussian: a mean in which the middle counts most.", weights: SIXTEENTHS },
	{
		name: "Sobel x",
		about: "The slope along x: answers to vertical edges, positive where it gets brighter to the right.",
		weights: SOBEL_X,
	},
	{
		name: "Sobel y",
		about: "The slope along y: answers to horizontal edges, positive where it gets brighter downwards.",
		weights: [-1, -2, -1, 0, 0, 0, 1, 2, 1],
	},
	{
		name: "Laplace",
		about: "Positive where a pixel is darker than the mean of its neighbours, negative where it is brighter.",
		weights: [0, 1, 0, 1, -4, 1, 0, 1, 0],
	},
	{
		name: "Sharpen",
		about: "The image less its Laplace: edges stand out, and so does noise.",
		weights: [0, -1, 0, -1, 5, -1, 0, -1, 0],
	},
];

/** The preset that a kernel is, if it is one. */
export function presetOf(kernel: readonly number[]): Preset | undefined {
	const side = sideOf(kernel);
	return PRESETS.find(({ weights }) =>
		resized(weights, side).every((weight, i) => Math.abs(weight - kernel[i]!) < 1e-5),
	);
}
