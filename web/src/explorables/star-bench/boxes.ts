// The same crowd as boxes: the box around each star, suppressed by the IoU of boxes, as box detectors do it.

import type { Candidates } from "./candidates.ts";
import { type Counts, counted } from "./counting.ts";
import { cornersOf, type Size } from "./painting.ts";

/** Edges in pixels: bottom and right are the first row and column after it. */
export interface Box {
	readonly top: number;
	readonly left: number;
	readonly bottom: number;
	readonly right: number;
}

/** The box around each star, cut off at the edges of the picture. */
export function boxesOf(stars: Candidates, { height, width }: Size): Box[] {
	const [count = 0, rays = 0] = stars.distances.shape;
	return Array.from({ length: count }, (_, star) => {
		const y = stars.points.data[2 * star] as number;
		const x = stars.points.data[2 * star + 1] as number;
		const { ys, xs } = cornersOf(y, x, stars.distances.data, star * rays, rays);
		return {
			top: Math.max(0, Math.min(...ys)),
			left: Math.max(0, Math.min(...xs)),
			// a nucleus of one pixel has a box of one pixel
			bottom: Math.min(height, Math.max(...ys) + 1),
			right: Math.min(width, Math.max(...xs) + 1),
		};
	});
}

/** The boxes that stay, in the order of their turns: each suppresses all later ones whose IoU with it is above `most`. */
export function suppressBoxes(
	boxes: readonly Box[],
	stars: Candidates,
	least: number,
	most: number,
): number[] {
	const threshold = Math.fround(least);
	const stays: number[] = [];
	for (let star = 0; star < boxes.length; star++) {
		if ((stars.probabilities.data[star] as number) <= threshold) continue;
		const box = boxes[star] as Box;
		if (stays.every((kept) => boxIou(boxes[kept] as Box, box) <= most)) stays.push(star);
	}
	return stays;
}

export function boxIou(a: Box, b: Box): number {
	const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
	const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
	if (height <= 0 || width <= 0) return 0;
	return (height * width) / (area(a) + area(b) - height * width);
}

/** Boxes of the true nuclei, by number. */
export function trueBoxes(truth: Int32Array, width: number): Map<number, Box> {
	const boxes = new Map<number, Box>();
	truth.forEach((number, i) => {
		if (number <= 0) return;
		const y = Math.floor(i / width);
		const x = i % width;
		const known = boxes.get(number) ?? { top: y, left: x, bottom: y + 1, right: x + 1 };
		boxes.set(number, {
			top: known.top,
			left: Math.min(known.left, x),
			bottom: y + 1,
			right: Math.max(known.right, x + 1),
		});
	});
	return boxes;
}

/** Boxes, the likeliest first, against true boxes: each takes the free one with which its IoU is highest. */
export function countBoxes(found: readonly Box[], truth: ReadonlyMap<number, Box>): Counts {
	const free = new Map(truth);
	const couples = found.flatMap((box, i) => {
		let best = { truth: 0, object: i + 1, iou: 0.5 };
		for (const [number, other] of free) {
			const iou = boxIou(box, other);
			if (iou >= best.iou) best = { truth: number, object: i + 1, iou };
		}
		return free.delete(best.truth) ? [best] : [];
	});
	return counted(couples, [...truth.keys()], found.length);
}

function area(box: Box): number {
	return (box.bottom - box.top) * (box.right - box.left);
}
