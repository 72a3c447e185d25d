// The learner: it says of a patch what the most similar patch was that it has learned from. So simple that one sees what
// it does, and honest: it knows nothing else. How it does on days that nobody has seen is measured on such days.

import { type Patch, patchesOf } from "./specimens.ts";
import { type ByImage, type Rule, type SetName, split } from "./splits.ts";

/** For each patch the nearest of those that were learned from; null where there are none. */
export function nearest(patch: Patch, known: readonly Patch[]): Patch | null {
	let best: Patch | null = null;
	let least = Number.POSITIVE_INFINITY;
	for (const each of known) {
		const away = (each.at[0] - patch.at[0]) ** 2 + (each.at[1] - patch.at[1]) ** 2;
		if (away < least) [best, least] = [each, away];
	}
	return best;
}

/** The share of patches that are said rightly; null where there are none, or nothing to learn from. */
export function score(patches: readonly Patch[], known: readonly Patch[]): number | null {
	if (patches.length === 0 || known.length === 0) return null;
	const right = patches.filter((patch) => nearest(patch, known)?.treated === patch.treated);
	return right.length / patches.length;
}

export interface Outcome {
	readonly validation: number | null;
	readonly test: number | null;
	/** On days of a microscope that was never seen. */
	readonly unseen: number | null;
}

/** What the learner reaches with patches that are split so; `unseen` are of other days. */
export function outcome(
	patches: readonly Patch[],
	sets: readonly SetName[],
	unseen: readonly Patch[],
): Outcome {
	const of = (name: SetName) => patches.filter((_, i) => sets[i] === name);
	const known = of("training");
	return {
		validation: score(of("validation"), known),
		test: score(of("test"), known),
		unseen: score(unseen, known),
	};
}

/** The mean over experiments that differ by chance alone: other days, other images, other draws of the rule. */
export function onAverage(days: number, rule: Rule, byHand: ByImage, experiments: number): Outcome {
	const sums = { validation: 0, test: 0, unseen: 0 };
	const counts = { validation: 0, test: 0, unseen: 0 };
	for (let seed = 1000; seed < 1000 + experiments; seed++) {
		const patches = patchesOf(days, seed);
		const reached = outcome(patches, split(patches, rule, byHand, seed), patchesOf(days, seed + 50_000));
		for (const name of ["validation", "test", "unseen"] as const) {
			sums[name] += reached[name] ?? 0;
			counts[name] += reached[name] === null ? 0 : 1;
		}
	}
	const mean = (name: keyof Outcome) => (counts[name] ? sums[name] / counts[name] : null);
	return { validation: mean("validation"), test: mean("test"), unseen: mean("unseen") };
}
