// From thresholds to objects and their counts.

import type { Candidates } from "./candidates.ts";
import { type Counts, countObjects } from "./counting.ts";
import { type Corners, cornersOf, paint, type Size } from "./painting.ts";
import { type Criterion, type Decision, likeliestFirst, suppress } from "./suppression.ts";

export interface Outcome {
	readonly decision: Decision;
	readonly labels: Int32Array;
	/** The star of each object, from number 1 on. */
	readonly objects: readonly number[];
	/** Against the truth; null where nobody knows it. */
	readonly counts: Counts | null;
}

/** The outline of a star. */
export function outlineOf(stars: Candidates, star: number): Corners {
	const rays = stars.distances.shape[1] as number;
	return cornersOf(
		stars.points.data[2 * star] as number,
		stars.points.data[2 * star + 1] as number,
		stars.distances.data,
		star * rays,
		rays,
	);
}

/** What comes of the net's stars at two thresholds. */
export function outcome(
	stars: Candidates,
	size: Size,
	truth: Int32Array | null,
	least: number,
	most: number,
	criterion: Criterion,
): Outcome {
	const decision = suppress(stars, least, most, criterion);
	const order = likeliestFirst(stars, decision.stays);
	const polygons = order.map((star) => outlineOf(stars, star));
	const { labels, kept } = paint(polygons, size, stars.smallest, stars.smallest_cut);
	const objects = order.filter((_, i) => kept[i]);
	return { decision, labels, objects, counts: truth && countObjects(truth, labels) };
}
