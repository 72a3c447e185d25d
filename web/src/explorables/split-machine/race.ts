// A race: teams try variants of a net, look at the score on the same public test set after each try, and hand in what
// scored best. Then the scores on a hidden test set are opened.

import { normals, uniforms } from "../../parts/random.ts";

export const TEAMS = 12;
export const HIDDEN = 1000; // images of the hidden test set
const QUALITY = 0.8; // the share of all images that a variant gets right: its mean over variants, and
const SPREAD = 0.01; // its standard deviation

export interface Team {
	/** Number of the team, from 1. */
	readonly team: number;
	/** The best score on the public test set, and what the same variant has on the hidden one. */
	readonly shown: number;
	readonly hidden: number;
}

/** The teams, the best public score first. Every answer of every variant to every image is drawn. */
export function race(tries: number, images: number, seed: number): Team[] {
	const quality = normals(2 * seed);
	const uniform = uniforms(2 * seed + 1);
	const drawn = (share: number, count: number) => {
		let right = 0;
		for (let i = 0; i < count; i++) if (uniform() < share) right++;
		return right / count;
	};
	const teams = Array.from({ length: TEAMS }, (_, number) => {
		let best = { share: 0, shown: -1 };
		for (let i = 0; i < tries; i++) {
			const share = Math.min(1, QUALITY + SPREAD * quality());
			const shown = drawn(share, images);
			if (shown > best.shown) best = { share, shown };
		}
		return { team: number + 1, shown: best.shown, hidden: drawn(best.share, HIDDEN) };
	});
	return teams.sort((a, b) => b.shown - a.shown);
}
