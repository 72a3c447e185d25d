// What can be set, and what is asked then.

import { computed, effect, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Bench } from "../../bench.ts";
import { windowOf } from "../../picture.ts";
import { type Answers, answers, type Exposed, type Structure } from "./answers.ts";

export const PHOTONS = [1, 2, 3, 5, 10, 20, 50, 100, 300];
export const MOST_SHIFT = 3; // pixels

export interface View {
	readonly tab: Signal<"exposure" | "registration">;
	readonly structure: Signal<Structure>;
	/** At the brightest pixels. */
	readonly photons: Signal<number>;
	readonly shift: Signal<number>;
	readonly varies: Signal<boolean>;
	/** The row of the profile, and the column at which the picture is split. */
	readonly row: Signal<number>;
	readonly column: Signal<number>;
	readonly exposed: ReadonlySignal<Exposed>;
	readonly answers: Answers;
	/** Ask whenever something changes; gives what ends that. */
	follow(): () => void;
}

export function viewOf({ state, picture, ask }: Bench): View {
	const tab = state.choice("tab", ["exposure", "registration"], "exposure");
	const structure = state.choice<Structure>("structure", ["picture", "filaments"], "picture");
	const photons = state.number("photons", 5, { min: 1, max: 1000 });
	const shift = state.number("offset", 2, { min: 0, max: MOST_SHIFT });
	const varies = state.flag("varies", false);
	const exposed = computed<Exposed>(() => ({
		window: windowOf(picture.value),
		structure: structure.value,
		photons: photons.value,
	}));
	const told = answers(ask);
	return {
		tab,
		structure,
		photons,
		shift,
		varies,
		row: state.number("row", 60, { min: 0, max: 1e6 }),
		column: state.number("column", 128, { min: 0, max: 1e6 }),
		exposed,
		answers: told,
		follow() {
			const ends = [
				effect(() => {
					if (tab.value !== "exposure") return;
					told.pair.ask(exposed.value);
					told.fit.ask({ exposed: exposed.value, shift: 0, varies: false });
				}),
				effect(() => {
					if (tab.value !== "registration") return;
					told.shifted.ask({ exposed: exposed.value, shift: Math.round(shift.value), varies: varies.value });
				}),
			];
			return () => {
				for (const end of ends) end();
				told.stop();
			};
		},
	};
}

export function decibels(psnr: number | undefined): string {
	return psnr === undefined ? "–" : `${psnr.toFixed(2)} dB`;
}
