// Tiny images of two classes: short bars that lie, and short bars that stand, anywhere, in noise. And one way to mix up
// their pixels, the same for every image.

import { normals, shuffled, uniforms } from "../../parts/random.ts";

export const SIDE = 12; // pixels
export const PIXELS = SIDE * SIDE;
const BARS = 3; // in each image
const LENGTH = 5; // pixels of a bar
const NOISE = 0.25;

export interface Images {
	/** (images, PIXELS) in rows. */
	readonly pixels: Float64Array;
	/** 1 where bars stand. */
	readonly labels: Uint8Array;
}

/** So many images, lying and standing in turn. */
export function imagesOf(count: number, seed: number): Images {
	const uniform = uniforms(2 * seed);
	const draw = normals(2 * seed + 1);
	const pixels = Float64Array.from({ length: count * PIXELS }, () => NOISE * draw());
	const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
	for (let image = 0; image < count; image++) {
		for (let bar = 0; bar < BARS; bar++) {
			const across = Math.floor(uniform() * SIDE);
			const along = Math.floor(uniform() * (SIDE - LENGTH + 1));
			for (let i = along; i < along + LENGTH; i++) {
				const place = labels[image] ? i * SIDE + across : across * SIDE + i;
				pixels[image * PIXELS + place] = 1 + NOISE * draw();
			}
		}
	}
	return { pixels, labels };
}

/** Where each pixel goes. */
export function mixture(seed: number): number[] {
	return shuffled([...Array(PIXELS).keys()], uniforms(seed));
}

/** All images with their pixels mixed in the same way. */
export function scrambled({ pixels, labels }: Images, order: readonly number[]): Images {
	const mixed = Float64Array.from(pixels, (_, i) => {
		const first = i - (i % PIXELS);
		return pixels[first + order[i % PIXELS]!]!;
	});
	return { pixels: mixed, labels };
}
