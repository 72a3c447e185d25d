// What can be set, and the field that follows from it. Both tabs look at the same one.

import { computed, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ViewState } from "../../state.ts";
import { type Field, fieldOf, sampleOf } from "./field.ts";

export const SHARES = [50, 40, 30, 20, 15, 10, 7, 5, 3, 2, 1.5, 1, 0.7, 0.5]; // percent of the sample
export const WEIGHTS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100];
export const MOST_BORDER = 32; // pixels
const SEED = 3;

export interface View {
	readonly tab: Signal<"scores" | "weight">;
	/** Percent of the sample that are foreground. */
	readonly percent: Signal<number>;
	/** Pixels of empty border around the sample. */
	readonly border: Signal<number>;
	/** How often the loss counts foreground. */
	readonly weight: Signal<number>;
	readonly field: ReadonlySignal<Field>;
	/** Without any border. */
	readonly bare: ReadonlySignal<Field>;
}

export function viewOf(state: ViewState): View {
	const percent = state.number("foreground", 20, { min: 0.5, max: 50 });
	const border = state.number("border", 16, { min: 0, max: MOST_BORDER });
	const sample = sampleOf(SEED);
	return {
		tab: state.choice("tab", ["scores", "weight"], "scores"),
		percent,
		border,
		weight: state.number("weight", 1, { min: 1, max: 100 }),
		field: computed(() => fieldOf(sample, percent.value / 100, Math.round(border.value))),
		bare: computed(() => fieldOf(sample, percent.value / 100, 0)),
	};
}

/** A share as a percentage with one decimal. */
export function percents(share: number | null): string {
	return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}
