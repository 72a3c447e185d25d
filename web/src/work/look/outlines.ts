// Outlines of a label image along the edges of its pixels, and where each object lies. No page is needed.

import type { Box } from "./view.ts";

/** The outline of every label: lines (x0, y0, x1, y1), one behind the other. */
export type Outlines = ReadonlyMap<number, readonly number[]>;

/**
 * Lines between pixels of which one belongs to the object and the other does not; straight ones are joined.
 * `labels` is (height, width) in rows, 0 is background.
 */
export function outlines(labels: ArrayLike<number>, height: number, width: number): Outlines {
	const found = new Map<number, number[]>();
	const add = (label: number, x0: number, y0: number, x1: number, y1: number) => {
		const lines = found.get(label);
		if (lines) lines.push(x0, y0, x1, y1);
		else found.set(label, [x0, y0, x1, y1]);
	};
	const at = (y: number, x: number) =>
		y < 0 || x < 0 || y >= height || x >= width ? 0 : (labels[y * width + x] as number);
	for (let y = 0; y <= height; y++) {
		runs(
			width,
			(x) => at(y, x),
			(x) => at(y - 1, x),
			(label, from, to) => add(label, from, y, to, y),
		);
	}
	for (let x = 0; x <= width; x++) {
		runs(
			height,
			(y) => at(y, x),
			(y) => at(y, x - 1),
			(label, from, to) => add(label, x, from, x, to),
		);
	}
	return found;
}

/** Along one line of the grid: runs over which a label lies on this side of it and another on that side. */
function runs(
	length: number,
	here: (at: number) => number,
	there: (at: number) => number,
	tell: (label: number, from: number, to: number) => void,
): void {
	let [one, other, from, otherFrom] = [0, 0, 0, 0];
	for (let at = 0; at <= length; at++) {
		const [a, b] = at < length ? [here(at), there(at)] : [0, 0];
		const isEdge = a !== b;
		const [next, nextOther] = isEdge ? [a, b] : [0, 0];
		if (next !== one) {
			if (one) tell(one, from, at);
			[one, from] = [next, at];
		}
		if (nextOther !== other) {
			if (other) tell(other, otherFrom, at);
			[other, otherFrom] = [nextOther, at];
		}
	}
}

/** The box around an object's outline. */
export function boxOf(lines: readonly number[]): Box {
	let [left, top, right, bottom] = [
		Number.POSITIVE_INFINITY,
		Number.POSITIVE_INFINITY,
		Number.NEGATIVE_INFINITY,
		Number.NEGATIVE_INFINITY,
	];
	for (let at = 0; at < lines.length; at += 2) {
		const [x, y] = [lines[at] as number, lines[at + 1] as number];
		left = Math.min(left, x);
		right = Math.max(right, x);
		top = Math.min(top, y);
		bottom = Math.max(bottom, y);
	}
	return { left, top, right, bottom };
}
