// Which patch is learned from, which chooses between nets, and which is kept for the end.

import { shuffled, uniforms } from "../../parts/random.ts";
import { DAYS, IMAGES, type Patch } from "./specimens.ts";

export const SETS = ["training", "validation", "test"] as const;
export type SetName = (typeof SETS)[number];
export const RULES = ["patches", "images", "days", "hand"] as const;
export type Rule = (typeof RULES)[number];

/** The set of every image, in their order. */
export type ByImage = readonly SetName[];

/** The set of every patch. A fifth of them each are for validation and test; of whole days, a fourth. */
export function split(patches: readonly Patch[], rule: Rule, byHand: ByImage, seed: number): SetName[] {
	const uniform = uniforms(seed);
	if (rule === "patches") {
		const order = shuffled([...patches.keys()], uniform);
		const sets = new Array<SetName>(patches.length).fill("training");
		const fifth = Math.round(patches.length / 5);
		for (const [rank, patch] of order.entries())
			if (rank < 2 * fifth) sets[patch] = rank < fifth ? "validation" : "test";
		return sets;
	}
	const byImage = rule === "images" ? wholeImages(uniform) : rule === "days" ? wholeDays(uniform) : byHand;
	return patches.map(({ image }) => byImage[image]!);
}

/** Of each condition as many images for validation as for test. */
function wholeImages(uniform: () => number): ByImage {
	const all = [...Array(DAYS * IMAGES).keys()];
	const sets = new Array<SetName>(all.length).fill("training");
	for (const condition of [0, 1]) {
		const order = shuffled(
			all.filter((image) => image % 2 === condition),
			uniform,
		);
		for (const [rank, image] of order.entries()) if (rank < 4) sets[image] = rank < 2 ? "validation" : "test";
	}
	return sets;
}

function wholeDays(uniform: () => number): ByImage {
	const [validation, test] = shuffled([...Array(DAYS).keys()], uniform);
	return Array.from({ length: DAYS * IMAGES }, (_, image) => {
		const day = Math.floor(image / IMAGES);
		return day === validation ? "validation" : day === test ? "test" : "training";
	});
}
