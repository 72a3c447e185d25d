// What can be set, and what comes of it.

import { computed, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ViewState } from "../../state.ts";
import { type Outcome, onAverage, outcome } from "./learner.ts";
import { race, type Team } from "./race.ts";
import { DAYS, IMAGES, type Patch, patchesOf } from "./specimens.ts";
import { type ByImage, RULES, type Rule, SETS, type SetName, split } from "./splits.ts";

export const TRIES = [1, 2, 5, 10, 20, 50, 100];
export const SIZES = [20, 50, 100, 200, 500, 1000];
const UNSEEN = 20; // days of the new microscope
const EXPERIMENTS = 50; // that the averages are taken over

export interface View {
	readonly tab: Signal<"split" | "race">;
	readonly rule: Signal<Rule>;
	readonly seed: Signal<number>;
	readonly patches: ReadonlySignal<readonly Patch[]>;
	readonly sets: ReadonlySignal<readonly SetName[]>;
	readonly outcome: ReadonlySignal<Outcome>;
	readonly average: ReadonlySignal<Outcome>;
	/** Put a whole image into a set; from then on the sets are made by hand. */
	move(image: number, to: SetName): void;
	readonly tries: Signal<number>;
	readonly size: Signal<number>;
	readonly raceSeed: Signal<number>;
	readonly isRevealed: Signal<boolean>;
	readonly teams: ReadonlySignal<readonly Team[]>;
}

export function viewOf(state: ViewState): View {
	const rule = state.choice<Rule>("rule", RULES, "patches");
	const seed = state.number("draw", 2, { min: 0, max: 999 });
	const letters = state.text("hand", "t".repeat(DAYS * IMAGES)); // one for every image
	const byHand = computed<ByImage>(() =>
		Array.from(
			{ length: DAYS * IMAGES },
			(_, i) => SETS["tve".indexOf(letters.value[i] ?? "t")] ?? "training",
		),
	);
	const patches = computed(() => patchesOf(DAYS, seed.value));
	const sets = computed(() => split(patches.value, rule.value, byHand.value, seed.value));
	const unseen = computed(() => patchesOf(UNSEEN, seed.value + 50_000));
	const tries = state.number("tries", 20, { min: 1, max: 100 });
	const size = state.number("images", 100, { min: 20, max: 1000 });
	const raceSeed = state.number("race", 1, { min: 0, max: 999 });
	return {
		tab: state.choice("tab", ["split", "race"], "split"),
		rule,
		seed,
		patches,
		sets,
		outcome: computed(() => outcome(patches.value, sets.value, unseen.value)),
		average: computed(() => onAverage(DAYS, rule.value, byHand.value, EXPERIMENTS)),
		move(image, to) {
			const now = Array.from({ length: DAYS * IMAGES }, (_, i) => most(i, patches.value, sets.value));
			letters.value = now.map((set, i) => "tve"[SETS.indexOf(i === image ? to : set)]).join("");
			rule.value = "hand";
		},
		tries,
		size,
		raceSeed,
		isRevealed: state.flag("revealed", false),
		teams: computed(() => race(tries.value, size.value, raceSeed.value)),
	};
}

/** The set that most patches of an image are in. */
function most(image: number, patches: readonly Patch[], sets: readonly SetName[]): SetName {
	const count = (name: SetName) =>
		sets.filter((set, i) => set === name && patches[i]?.image === image).length;
	return SETS.reduce((best, name) => (count(name) > count(best) ? name : best));
}

export function said(score: number | null): string {
	return score === null ? "–" : score.toFixed(2);
}
