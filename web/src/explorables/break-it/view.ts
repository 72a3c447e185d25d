// What a person has set, and what Python is asked for it.

import type { Signal } from "@preact/signals";
import type { Window } from "../../picture.ts";
import type { ViewState } from "../../state.ts";

export const MOST = 9; // quarters of a doubling, to both sides
export const DARKEST = 18; // halvings of the exposure, two steps each
export const BITS = [16, 8, 6, 5, 4, 3, 2, 1] as const;
const BRIGHT = 1024; // photons, from which the exposure is halved

/** What is set, by sliders in steps and by switches. */
export interface Set {
	readonly size: number;
	readonly blur: number;
	readonly background: number;
	readonly dark: number;
	readonly noise: number;
	readonly coarse: number;
	readonly inverted: boolean;
	readonly dust: boolean;
	readonly shown: number;
	readonly invert: boolean;
	readonly subtract: boolean;
	readonly mask: boolean;
}

export type View = { readonly [Name in keyof Set]: Signal<Set[Name]> };

/** The signals of a view, kept in the address. */
export function viewOf(state: ViewState): View {
	return {
		size: state.number("size", 0, { min: -MOST, max: MOST }),
		blur: state.number("blur", 0, { min: 0, max: 9 }),
		background: state.number("background", 0, { min: 0, max: 2 }),
		dark: state.number("dark", 0, { min: 0, max: DARKEST }),
		noise: state.number("noise", 0, { min: 0, max: 0.5 }),
		coarse: state.number("coarse", 0, { min: 0, max: BITS.length - 1 }),
		inverted: state.flag("inverted", false),
		dust: state.flag("dust", false),
		shown: state.number("shown", 0, { min: -MOST, max: MOST }),
		invert: state.flag("invert", false),
		subtract: state.flag("subtract", false),
		mask: state.flag("mask", false),
	};
}

/** The values of a view as they are now. */
export function valuesOf(view: View): Set {
	return Object.fromEntries(
		Object.entries(view).map(([name, signal]) => [name, signal.value]),
	) as unknown as Set;
}

/** Times as large, of quarters of a doubling. */
export function times(quarters: number): number {
	return 2 ** (quarters / 4);
}

/** Photons for the brightest pixels; 0 where the exposure stays. */
export function photons(halves: number): number {
	return halves === 0 ? 0 : BRIGHT / 2 ** (halves / 2);
}

/** What happens to the image, as Python takes it. */
export function harmOf(set: Set) {
	return {
		size: times(set.size),
		blur: set.blur,
		background: set.background,
		photons: photons(set.dark),
		noise: set.noise,
		bits: BITS[Math.round(set.coarse)] ?? BITS[0],
		inverted: set.inverted,
		speck: set.dust,
	};
}

/** What is done against it. */
export function aidOf(set: Set) {
	const chosen: readonly (readonly [boolean, string])[] = [
		[set.invert, "invert"],
		[set.subtract, "background"],
		[set.mask, "brightest"],
	];
	return { remedies: chosen.filter(([is]) => is).map(([, name]) => name), scale: times(set.shown) };
}

export interface Asked {
	readonly window: Window;
	readonly harm: ReturnType<typeof harmOf>;
	readonly aid: ReturnType<typeof aidOf>;
}

export function askedOf(set: Set, window: Window): Asked {
	return { window, harm: harmOf(set), aid: aidOf(set) };
}

/** Nothing is done against it any more. */
export function withoutAid(view: View): void {
	view.shown.value = 0;
	view.invert.value = false;
	view.subtract.value = false;
	view.mask.value = false;
}

/** The image is as it came. */
export function withoutHarm(view: View): void {
	for (const name of ["size", "blur", "background", "dark", "noise", "coarse"] as const) view[name].value = 0;
	view.inverted.value = false;
	view.dust.value = false;
}
