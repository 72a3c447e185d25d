// What can be set, and the answers for the whole image and in tiles.

import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Bench } from "../../bench.ts";
import { cornerIn, squareOf } from "../../parts/square.ts";
import { type Maps, STRIDE } from "./net.ts";
import { type Normalised, seams, tiled } from "./tiles.ts";

export const SIDE = 128; // pixels of the image
export const TILES = [16, 32, 64, 128];
export const MOST_HALO = 32;
export const HALOS = Array.from({ length: MOST_HALO / STRIDE + 1 }, (_, i) => i * STRIDE);

export interface Result {
	readonly answer: Float64Array;
	/** (SIDE, SIDE): how far it is from the answer for the whole image. */
	readonly seams: Float64Array;
	readonly most: number;
}

export interface View {
	readonly tab: Signal<"seams" | "memory">;
	readonly tile: Signal<number>;
	readonly halo: Signal<number>;
	readonly normalised: Signal<Normalised>;
	readonly row: Signal<number>;
	readonly column: Signal<number>;
	readonly image: ReadonlySignal<Maps>;
	readonly whole: ReadonlySignal<Float64Array>;
	/** Null where the halo does not fit the poolings. */
	readonly result: ReadonlySignal<Result | null>;
	/** The largest difference by halo, as far as it was computed. */
	readonly curve: ReadonlySignal<readonly (readonly [number, number])[]>;
	/** Compute the curve in the background; gives what stops that. */
	draw(): () => void;
}

export function viewOf({ state, picture }: Bench): View {
	const tile = state.number("tile", 32, { min: 16, max: 128 });
	const halo = state.number("halo", 0, { min: 0, max: MOST_HALO });
	const normalised = state.choice("normalised", ["image", "tile"], "image");
	const row = state.number("row", 20, { min: 0, max: 1e6 });
	const column = state.number("column", 40, { min: 0, max: 1e6 });
	const image = computed<Maps>(() => {
		const { pixels } = picture.value;
		const { y, x } = cornerIn(pixels, row.value, column.value, SIDE);
		return { channels: 1, height: SIDE, width: SIDE, data: squareOf(pixels, y, x, SIDE) };
	});
	const whole = computed(() => tiled(image.value, SIDE, 0, "image"));
	// remembered, so that a slider costs nothing where it was before or where the curve has been
	const known = computed(() => ({ of: whole.value, results: new Map<string, Result>() }));
	const resultOf = (side: number, margin: number, how: Normalised): Result => {
		const { results } = known.value;
		const key = `${side} ${margin} ${how}`;
		const there = results.get(key);
		if (there) return there;
		const answer = tiled(image.value, side, margin, how);
		const differences = seams(answer, whole.value);
		const made = { answer, seams: differences, most: differences.reduce((a, b) => Math.max(a, b), 0) };
		results.set(key, made);
		return made;
	};
	const side = computed(() => TILES.find((each) => each >= tile.value) ?? SIDE);
	const curve = signal<readonly (readonly [number, number])[]>([]);
	return {
		tab: state.choice("tab", ["seams", "memory"], "seams"),
		tile,
		halo,
		normalised,
		row,
		column,
		image,
		whole,
		result: computed(() => (halo.value % STRIDE ? null : resultOf(side.value, halo.value, normalised.value))),
		curve,
		draw() {
			let timer: ReturnType<typeof setTimeout> | undefined;
			const end = effect(() => {
				const [of, how] = [side.value, normalised.value];
				known.value;
				clearTimeout(timer);
				const left = [...HALOS];
				const points: (readonly [number, number])[] = [];
				// one after the other with pauses, so that the hand comes first
				const next = () => {
					const margin = left.shift();
					if (margin === undefined) {
						curve.value = points;
						return;
					}
					points.push([margin, resultOf(of, margin, how).most]);
					timer = setTimeout(next, 20);
				};
				timer = setTimeout(next, 100);
			});
			return () => {
				clearTimeout(timer);
				end();
			};
		},
	};
}
