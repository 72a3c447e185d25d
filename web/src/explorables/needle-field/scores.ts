// Three predictors that never change, and how each is scored.

import type { Field } from "./field.ts";

/** From which brightness on a predictor says foreground, in deviations of the noise. */
export const THRESHOLDS = { nothing: Number.POSITIVE_INFINITY, eager: 1, good: 2.5 } as const;
export type Predictor = keyof typeof THRESHOLDS;

export interface Counts {
	/** Foreground that is called so. */
	readonly found: number;
	/** Background that is called foreground. */
	readonly added: number;
	/** Foreground that is called background. */
	readonly missed: number;
	/** Background that is called so. */
	readonly left: number;
}

export interface Scores {
	readonly accuracy: number;
	/** Null where nothing was called foreground. */
	readonly precision: number | null;
	readonly recall: number;
	readonly dice: number;
}

export function counted({ truth, values }: Field, threshold: number): Counts {
	const counts = [0, 0, 0, 0]; // background left, background added, foreground missed, foreground found
	for (let i = 0; i < truth.length; i++) counts[2 * truth[i]! + (values[i]! > threshold ? 1 : 0)]! += 1;
	const [left = 0, added = 0, missed = 0, found = 0] = counts;
	return { found, added, missed, left };
}

export function scored({ found, added, missed, left }: Counts): Scores {
	const called = found + added;
	return {
		accuracy: (found + left) / (found + added + missed + left),
		precision: called > 0 ? found / called : null,
		recall: found / (found + missed),
		dice: (2 * found) / (2 * found + added + missed),
	};
}
