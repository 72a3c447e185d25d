// What can be set, and what was learned then.

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Bench } from "../../bench.ts";
import { IMAGES, type Image, imageOf, startOf, TRUE_KERNELS, type TrueKernel } from "./images.ts";
import { type Learned, type Lesson, learned } from "./learning.ts";
import { directionsOf, meanProducts } from "./patches.ts";

export const MOST_STEPS = 1e6;
export const STEPS = [
	0,
	...[1, 10, 100, 1000, 10000, 100000].flatMap((ten) => [1, 2, 3, 5, 7].map((n) => n * ten)),
	1e6,
];
const LASTS = 4000; // milliseconds that a training is shown

export interface View {
	readonly image: Signal<Image>;
	readonly kernel: Signal<TrueKernel>;
	readonly seed: Signal<number>;
	readonly steps: Signal<number>;
	readonly row: Signal<number>;
	readonly column: Signal<number>;
	/** (SIDE, SIDE). */
	readonly pixels: ReadonlySignal<Float64Array>;
	readonly lesson: ReadonlySignal<Lesson>;
	readonly now: ReadonlySignal<Learned>;
	/** Steps that are shown: those of the slider, or of a training that runs. */
	readonly shown: ReadonlySignal<number>;
	/** Learn from the start; gives what stops it. */
	train(isStill: boolean): () => void;
}

export function viewOf({ state, picture }: Bench): View {
	const image = state.choice("learn-from", IMAGES, "face");
	const kernel = state.choice("true", Object.keys(TRUE_KERNELS) as TrueKernel[], "blur");
	const seed = state.number("seed", 1, { min: 0, max: 999 });
	const steps = state.number("steps", 0, { min: 0, max: MOST_STEPS });
	const row = state.number("row", 60, { min: 0, max: 1e6 });
	const column = state.number("column", 70, { min: 0, max: 1e6 });
	const running = signal<number | null>(null); // not in the address, which is not written sixty times a second
	const shown = computed(() => running.value ?? Math.round(steps.value));
	const pixels = computed(() => imageOf(image.value, picture.value, row.value, column.value));
	const lesson = computed(() => ({
		directions: directionsOf(meanProducts(pixels.value)),
		start: startOf(seed.value),
		target: TRUE_KERNELS[kernel.value],
	}));
	return {
		image,
		kernel,
		seed,
		steps,
		row,
		column,
		pixels,
		lesson,
		shown,
		now: computed(() => learned(lesson.value, shown.value)),
		train(isStill) {
			const ended = () => {
				running.value = null;
				steps.value = MOST_STEPS;
			};
			if (isStill) {
				ended();
				return () => {};
			}
			let frame = 0;
			const begun = performance.now();
			const next = (time: number) => {
				const share = Math.max(0, time - begun) / LASTS;
				running.value = Math.floor(MOST_STEPS ** share) - 1;
				if (share < 1) frame = requestAnimationFrame(next);
				else ended();
			};
			frame = requestAnimationFrame(next);
			return () => {
				cancelAnimationFrame(frame);
				running.value = null;
			};
		},
	};
}
