// What Python says: the pair of images with the net's answer, and the fit to a pair that does not lie on itself
// (`convivo.lab.questions.two_microscopes`).

import type { Ask } from "../../bench.ts";
import { type Newest, newest } from "../../parts/newest.ts";
import type { Window } from "../../picture.ts";
import type { Tensor } from "../../tensor.ts";

export type Structure = "picture" | "filaments";

export interface Exposed {
	readonly window: Window;
	readonly structure: Structure;
	readonly photons: number;
}

/** All (Y, X), in the image's own units. */
export interface Pair {
	readonly truth: Tensor<Float32Array>;
	readonly low: Tensor<Float32Array>;
	readonly restored: Tensor<Float32Array>;
	readonly low_psnr: number;
	readonly restored_psnr: number;
	readonly is_known: boolean;
}

export interface Misaligned {
	readonly exposed: Exposed;
	readonly shift: number;
	readonly varies: boolean;
}

export interface Learned {
	readonly target: Tensor<Float32Array>;
	/** (9, 9). */
	readonly weights: Tensor<Float32Array>;
	readonly answer: Tensor<Float32Array>;
	readonly moved: number;
	readonly psnr: number;
	readonly target_psnr: number;
}

export interface Answers {
	readonly pair: Newest<Exposed, Pair>;
	/** The fit to a pair without any shift, to hold the net against. */
	readonly fit: Newest<Misaligned, Learned>;
	readonly shifted: Newest<Misaligned, Learned>;
	stop(): void;
}

export function answers(ask: Ask): Answers {
	const pair = newest<Exposed, Pair>((asked, abort) => ask("two-microscopes", asked, abort));
	const fit = newest<Misaligned, Learned>((asked, abort) => ask("misaligned", asked, abort));
	const shifted = newest<Misaligned, Learned>((asked, abort) => ask("misaligned", asked, abort));
	return {
		pair,
		fit,
		shifted,
		stop() {
			for (const each of [pair, fit, shifted]) each.stop();
		},
	};
}
