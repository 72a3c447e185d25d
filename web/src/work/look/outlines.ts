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
	walk(labels, height, width, width, 1, (label, line, from, to) => add(label, from, line, to, line));
	walk(labels, width, height, 1, width, (label, line, from, to) => add(label, line, from, line, to));
	return found;
}

/**
 * Walks along all lines of the grid in one direction, and tells each run over which a label lies on one side alone.
 * Written without inner functions, because a hand waits for it: `across` and `along` are the steps in `labels`.
 */
function walk(
	labels: ArrayLike<number>,
	lines: number,
	length: number,
	across: number,
	along: number,
	tell: (label: number, line: number, from: number, to: number) => void,
): void {
	for (let line = 0; line <= lines; line++) {
		const [before, behind] = [(line - 1) * across, line * across];
		let [one, oneFrom, other, otherFrom] = [0, 0, 0, 0];
		for (let at = 0; at <= length; at++) {
			const isEnd = at === length;
			const a = isEnd || line === 0 ? 0 : (labels[before + at * along] as number);
			const b = isEnd || line === lines ? 0 : (labels[behind + at * along] as number);
			const nextOne = a === b ? 0 : a;
			const nextOther = a === b ? 0 : b;
			if (nextOne !== one) {
				if (one !== 0) tell(one, line, oneFrom, at);
				one = nextOne;
				oneFrom = at;
			}
			if (nextOther !== other) {
				if (other !== 0) tell(other, line, otherFrom, at);
				other = nextOther;
				otherFrom = at;
			}
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
