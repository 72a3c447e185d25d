// Non-maximum suppression, star by star, as `convivo.ops.stars.suppress` decides it. What two stars share was measured
// in Python; here numbers are compared, so that a slider is followed at once.

import type { Candidates } from "./candidates.ts";

/** By what the shared area is divided: the smaller star (StarDist), or what both cover together. */
export type Criterion = "smaller" | "union";

/** By whom a star was suppressed, if not by its number. */
export const STANDS = -1;
export const UNLIKELY = -2;

/** What came of it. */
export interface Decision {
	/** Stars that stay, in the order of their turns. */
	readonly stays: readonly number[];
	/** For each star the one that suppressed it, or STANDS, or UNLIKELY where it was never asked. */
	readonly by: Int32Array;
	/** How many are likely enough. */
	readonly likely: number;
}

/** Two stars: what they share, and what that is divided by. */
export interface Overlap {
	readonly other: number;
	readonly shared: number;
	readonly whole: number;
	readonly share: number;
}

/** From the likeliest star on, each that still stands suppresses all later ones that share more than `most` with it. */
export function suppress(stars: Candidates, least: number, most: number, criterion: Criterion): Decision {
	const by = new Int32Array(stars.probabilities.data.length).fill(UNLIKELY);
	const threshold = Math.fround(least); // probabilities have single precision
	const stays: number[] = [];
	let likely = 0;
	for (let star = 0; star < by.length; star++) {
		if ((stars.probabilities.data[star] as number) <= threshold) continue;
		likely++;
		by[star] = STANDS;
	}
	const { data: starts } = stars.starts;
	const { data: others } = stars.others;
	const { data: shared } = stars.shared;
	for (let star = 0; star < by.length; star++) {
		if (by[star] !== STANDS) continue;
		stays.push(star);
		for (let at = starts[star] as number; at < (starts[star + 1] as number); at++) {
			const other = others[at] as number;
			if (by[other] !== STANDS) continue;
			const area = shared[at] as number;
			if (area > most * whole(stars, star, other, area, criterion)) by[other] = star;
		}
	}
	return { stays, by, likely };
}

/** What a star shares with all later ones that it may ask about, the largest share first. */
export function overlapsOf(stars: Candidates, star: number, criterion: Criterion): Overlap[] {
	const found: Overlap[] = [];
	for (let at = stars.starts.data[star] as number; at < (stars.starts.data[star + 1] as number); at++) {
		const other = stars.others.data[at] as number;
		const shared = stars.shared.data[at] as number;
		const all = whole(stars, star, other, shared, criterion);
		found.push({ other, shared, whole: all, share: shared / all });
	}
	return found.sort((a, b) => b.share - a.share);
}

/** The stars that stay, the likeliest first: in this order they are painted. */
export function likeliestFirst(stars: Candidates, stays: readonly number[]): number[] {
	const { data } = stars.probabilities;
	return [...stays].sort((a, b) => (data[b] as number) - (data[a] as number));
}

function whole(stars: Candidates, star: number, other: number, shared: number, criterion: Criterion): number {
	const one = stars.areas.data[star] as number;
	const two = stars.areas.data[other] as number;
	return criterion === "smaller" ? Math.min(one, two) + 1e-10 : one + two - shared;
}
