// The values that a person can set on the star bench.

import type { Signal } from "@preact/signals";
import type { ViewState } from "../../state.ts";
import type { Criterion } from "./suppression.ts";

export type Tab = "rays" | "suppression" | "others";
export type Shape = "nucleus" | "ellipse" | "bean" | "ring" | "branched";
export type Rays = "8" | "16" | "32" | "64";
export type Read = "pieces" | "seeds";

export interface View {
	readonly tab: Signal<Tab>;
	readonly shape: Signal<Shape>;
	/** Which of the true nuclei, from 1 on. */
	readonly nucleus: Signal<number>;
	readonly rays: Signal<Rays>;
	/** Y and X of the star's centre; empty for the middle of the shape. */
	readonly centre: Signal<readonly number[]>;
	/** Lengths of the rays that a hand has set; empty where all are measured. */
	readonly lengths: Signal<readonly number[]>;
	readonly prob: Signal<number>;
	readonly tau: Signal<number>;
	readonly criterion: Signal<Criterion>;
	/** How many stars have spoken; END for all. */
	readonly step: Signal<number>;
	/** Which neighbour of the star is looked at, by its share, from 1 on. */
	readonly neighbour: Signal<number>;
	readonly read: Signal<Read>;
}

export const END = 9999;
export const PROB = { min: 0.1, max: 0.9, step: 0.05 };
export const TAU = { min: 0.05, max: 0.8, step: 0.05 };

export function viewOf(state: ViewState): View {
	return {
		tab: state.choice("tab", ["rays", "suppression", "others"], "rays"),
		shape: state.choice("shape", ["nucleus", "ellipse", "bean", "ring", "branched"], "nucleus"),
		nucleus: state.number("nucleus", 1, { min: 1, max: END }),
		rays: state.choice("rays", ["8", "16", "32", "64"], "32"),
		centre: state.numbers("centre", []),
		lengths: state.numbers("lengths", []),
		prob: state.number("prob", 0.5, PROB),
		tau: state.number("tau", 0.4, TAU),
		criterion: state.choice("criterion", ["smaller", "union"], "smaller"),
		step: state.number("step", END, { min: 0, max: END }),
		neighbour: state.number("neighbour", 1, { min: 1, max: END }),
		read: state.choice("read", ["pieces", "seeds"], "pieces"),
	};
}

/** A threshold as the sliders have it, whatever stood in the address: only for these the pairs are known. */
export function onStep(value: number, step: number): number {
	return Number((Math.round(value / step) * step).toFixed(2));
}
