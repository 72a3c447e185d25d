// What a net learns whose loss counts foreground `weight` times: how its threshold moves along the brightness, and what
// its outputs mean then. Brightness is normal in both classes and CONTRAST apart, so everything is known exactly.

import { CONTRAST, type Field } from "./field.ts";

/** The brightness at which the best output is one half: where both classes weigh the same. */
export function thresholdAt(share: number, weight: number): number {
	return CONTRAST / 2 + Math.log((1 - share) / (weight * share)) / CONTRAST;
}

/** The output that costs least, for a brightness. */
export function outputAt(brightness: number, share: number, weight: number): number {
	return 1 / (1 + Math.exp(-CONTRAST * (brightness - thresholdAt(share, weight))));
}

/** How probable foreground really is where the net's output is one half. */
export function meaningOfHalf(weight: number): number {
	return 1 / (1 + weight);
}

export interface Histogram {
	readonly low: number;
	readonly step: number;
	/** Pixels in each step of brightness. */
	readonly background: readonly number[];
	readonly foreground: readonly number[];
}

export const LOW = -3.5;
export const HIGH = 7.5;
const STEP = 0.25;

/** How many pixels of each class have which brightness; the first and the last step hold what lies beyond. */
export function histogramOf({ truth, values }: Field): Histogram {
	const steps = (HIGH - LOW) / STEP;
	const counts = [new Array<number>(steps).fill(0), new Array<number>(steps).fill(0)];
	for (let i = 0; i < truth.length; i++) {
		const step = Math.floor((values[i]! - LOW) / STEP);
		counts[truth[i]!]![Math.min(steps - 1, Math.max(0, step))]! += 1;
	}
	return { low: LOW, step: STEP, background: counts[0]!, foreground: counts[1]! };
}
