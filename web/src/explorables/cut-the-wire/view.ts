// What a person can set.

import { computed, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Bench } from "../../bench.ts";
import type { Place } from "../../parts/raster.tsx";
import { DEPTH } from "./answers.ts";
import { type Wiring, wiringOf } from "./wirings.ts";

export interface View {
	/** Which skips are cut. */
	readonly wiring: ReadonlySignal<Wiring>;
	/** The pixel that is followed through the levels, in the picture. */
	readonly row: Signal<number>;
	readonly column: Signal<number>;
	/** Of each block, which of its maps is shown: 0 is the strongest. */
	readonly ranks: Signal<readonly number[]>;
	/** The size that is tried at the gate. */
	readonly tall: Signal<number>;
	readonly wide: Signal<number>;
	move(to: Place): void;
	/** Cut the skip of a level, or mend it. */
	toggle(level: number): void;
}

export const LARGEST_SIDE = 9999;

export function viewOf({ state }: Bench): View {
	const cuts = Array.from({ length: DEPTH }, (_, level) => state.flag(`cut-${level + 1}`, false));
	const row = state.number("row", 115, { min: 0, max: 1e6 });
	const column = state.number("column", 169, { min: 0, max: 1e6 });
	const wiring = computed(() => wiringOf(cuts.flatMap((cut, level) => (cut.value ? [level] : []))));
	return {
		wiring,
		row,
		column,
		ranks: state.numbers(
			"maps",
			Array.from({ length: 2 * DEPTH + 1 }, () => 0),
		),
		tall: state.number("tall", 100, { min: 1, max: LARGEST_SIDE }),
		wide: state.number("wide", 100, { min: 1, max: LARGEST_SIDE }),
		move(to) {
			row.value = Math.floor(to.y);
			column.value = Math.floor(to.x);
		},
		toggle(level) {
			const cut = cuts[level]!;
			cut.value = !cut.value;
		},
	};
}

/** The followed pixel, moved into a picture of this size. */
export function probe(view: View, height: number, width: number): Place {
	return {
		y: Math.min(height - 1, Math.max(0, Math.round(view.row.value))),
		x: Math.min(width - 1, Math.max(0, Math.round(view.column.value))),
	};
}
