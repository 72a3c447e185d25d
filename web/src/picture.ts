// The window of an image that explorables show: the answer to the question "picture".

import type { Tensor } from "./tensor.ts";

export interface Picture {
	/** Name of a practice image, or ID of a dropped file. */
	readonly image: string;
	readonly name: string;
	/** (Y, X), in the image's own units. */
	readonly pixels: Tensor<Float32Array>;
	/** (Y, X), where the image was simulated: 0 is background, every nucleus has its number. */
	readonly truth: Tensor<Int32Array> | null;
	/** The grey values to show as black and as white. */
	readonly low: number;
	readonly high: number;
	/** Upper left pixel of the window in the whole image, and the size of that. */
	readonly y: number;
	readonly x: number;
	readonly height: number;
	readonly width: number;
}

/** The window as Python's questions want it (`convivo.lab.window.Window`). */
export interface Window {
	readonly image: string;
	readonly y: number;
	readonly x: number;
	readonly side: number;
}

export function windowOf(picture: Picture): Window {
	return {
		image: picture.image,
		y: picture.y,
		x: picture.x,
		side: Math.max(...picture.pixels.shape),
	};
}
