// What can be set, and what each layer makes of it.

import { computed, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Bench } from "../../bench.ts";
import { cornerIn } from "../../parts/square.ts";
import { cut, type FeatureMap, LAYERS, type Layer, SIDE, stripes } from "./maps.ts";
import { type Undone, undone } from "./undone.ts";

export const MOST = 8; // pixels that the image moves

export interface Seen {
	readonly layer: Layer;
	/** Of the image as it stands. */
	readonly map: FeatureMap;
	/** What is drawn as white or in full colour, the same for every shift. */
	readonly most: number;
	/** For every shift from 0 to MOST. */
	readonly undone: readonly Undone[];
}

export interface View {
	readonly shift: Signal<number>;
	readonly pattern: Signal<"picture" | "stripes">;
	/** Upper left pixel of the square that the layers see. */
	readonly row: Signal<number>;
	readonly column: Signal<number>;
	/** For every shift. */
	readonly images: ReadonlySignal<readonly FeatureMap[]>;
	readonly layers: ReadonlySignal<readonly Seen[]>;
}

export function viewOf(bench: Bench): View {
	const shift = bench.state.number("shift", 1, { min: 0, max: MOST });
	const pattern = bench.state.choice("pattern", ["picture", "stripes"], "picture");
	const row = bench.state.number("row", 40, { min: 0, max: 1e6 });
	const column = bench.state.number("column", 70, { min: 0, max: 1e6 });
	const images = computed(() => {
		const { pixels } = bench.picture.value;
		const { y, x } = cornerIn(pixels, row.value, column.value, SIDE);
		return Array.from({ length: MOST + 1 }, (_, by) =>
			pattern.value === "stripes" ? stripes(by) : cut(pixels, y, x, by),
		);
	});
	// all shifts at once: the curve shows them, and moving the slider then costs nothing
	const all = computed(() =>
		(Object.keys(LAYERS) as Layer[]).map((layer) => {
			const { stride, of } = LAYERS[layer];
			const maps = images.value.map(of);
			const before = maps[0]!;
			return {
				layer,
				maps,
				most: before.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9),
				undone: maps.map((after, by) => undone(before, after, by, stride)),
			};
		}),
	);
	const layers = computed(() =>
		all.value.map((each) => ({ ...each, map: each.maps[Math.round(shift.value)]! })),
	);
	return { shift, pattern, row, column, images, layers };
}
