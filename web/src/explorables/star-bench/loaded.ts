// A picture with the net's stars for it, and what is worked out once for both.

import type { Picture } from "../../picture.ts";
import { type Box, boxesOf, trueBoxes } from "./boxes.ts";
import type { Candidates } from "./candidates.ts";
import type { Size } from "./painting.ts";

export interface Loaded {
	readonly picture: Picture;
	readonly size: Size;
	readonly stars: Candidates;
	/** The box around each star. */
	readonly boxes: readonly Box[];
	/** The true nuclei and their boxes, where they are known. */
	readonly truth: Int32Array | null;
	readonly trueBoxes: ReadonlyMap<number, Box> | null;
}

export function loadedFrom(picture: Picture, stars: Candidates): Loaded {
	const [height = 0, width = 0] = picture.pixels.shape;
	const size = { height, width };
	const truth = picture.truth?.data ?? null;
	return {
		picture,
		size,
		stars,
		boxes: boxesOf(stars, size),
		truth,
		trueBoxes: truth && trueBoxes(truth, width),
	};
}
