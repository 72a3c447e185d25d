// What a person can set, and what follows from it.

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Bench } from "../../bench.ts";
import { type Picture, windowOf } from "../../picture.ts";
import type { Tensor } from "../../tensor.ts";
import { decibels, experiment, meanSquaredDifference, noiseLeft, type Outcome } from "./experiment.ts";
import { type Fields, fields, inside } from "./mixture.ts";
import { LINES, type Lines } from "./noise.ts";
import { SIDE, SPOTS, type Spot } from "./window.ts";

export const LEAST_SIDE = 3 * SIDE; // pixels: a smaller picture has hardly more windows than the fit has weights
const SHOWN = ["result", "noise"] as const;
export type Shown = (typeof SHOWN)[number];

export interface View {
	readonly deviation: Signal<number>;
	readonly share: Signal<number>;
	readonly lines: Signal<Lines>;
	readonly spot: Signal<Spot>;
	readonly seed: Signal<number>;
	readonly shown: Signal<Shown>;
	/** The pixel whose window is looked at, in the picture. */
	readonly row: Signal<number>;
	readonly column: Signal<number>;
	/** Of the picture without noise, the pixels with a whole window; null where nobody knows it. */
	readonly clean: ReadonlySignal<Float32Array | null>;
	/** Null where the picture is too small. */
	readonly outcome: ReadonlySignal<Outcome | null>;
	readonly left: ReadonlySignal<Float32Array | null>;
	readonly quality: ReadonlySignal<Quality | null>;
	/** Ask for the clean version of the picture that is shown. */
	askClean(abort: AbortSignal): Promise<void>;
}

/** Against the picture without noise. */
export interface Quality {
	/** Variance of all noise, the picture's own and what was added. */
	readonly noise: number;
	readonly noisyDecibels: number;
	readonly restoredDecibels: number;
}

export function viewOf(bench: Bench): View {
	const { state, picture } = bench;
	const deviation = state.number("noise", 0.2, { min: 0, max: 0.4 });
	const share = state.number("along", 0, { min: 0, max: 1 });
	const lines = state.choice("lines", LINES, "streaks");
	const spot = state.choice("spot", SPOTS, "pixel");
	const seed = state.number("seed", 0, { min: 0, max: 1e6 });
	const known = signal<{ readonly of: Picture; readonly pixels: Tensor<Float32Array> } | null>(null);
	const mixture = computed(() => fieldsOf(picture.value, lines.value, seed.value));
	const setting = computed(() => ({ deviation: deviation.value, share: share.value, spot: spot.value }));
	const outcome = computed(() => mixture.value && experiment(mixture.value, setting.value));
	const clean = computed(() => {
		if (known.value?.of !== picture.value) return null;
		const [height = 0, width = 0] = known.value.pixels.shape;
		return inside(shares(picture.value, known.value.pixels.data), height, width);
	});
	return {
		deviation,
		share,
		lines,
		spot,
		seed,
		shown: state.choice("show", SHOWN, "result"),
		row: state.number("row", 74, { min: 0, max: 1e6 }),
		column: state.number("column", 74, { min: 0, max: 1e6 }),
		clean,
		outcome,
		left: computed(
			() => mixture.value && outcome.value && noiseLeft(mixture.value, setting.value, outcome.value.weights),
		),
		quality: computed(() => (outcome.value && clean.value ? qualityOf(outcome.value, clean.value) : null)),
		async askClean(abort) {
			const of = picture.peek();
			const answer = await bench.ask<{ pixels: Tensor<Float32Array> | null }>("clean", windowOf(of), abort);
			if (!abort.aborted) known.value = answer.pixels && { of, pixels: answer.pixels };
		},
	};
}

function fieldsOf(picture: Picture, lines: Lines, seed: number): Fields | null {
	const [height = 0, width = 0] = picture.pixels.shape;
	if (Math.min(height, width) < LEAST_SIDE) return null;
	return fields(shares(picture, picture.pixels.data), height, width, lines, seed);
}

/** Grey values as shares of the way from the picture's black to its white. */
function shares(picture: Picture, values: Float32Array): Float64Array {
	return Float64Array.from(values, (value) => (value - picture.low) / (picture.high - picture.low));
}

function qualityOf({ noisy, restored }: Outcome, clean: Float32Array): Quality {
	const noise = meanSquaredDifference(noisy, clean);
	return {
		noise,
		noisyDecibels: decibels(noise),
		restoredDecibels: decibels(meanSquaredDifference(restored, clean)),
	};
}
