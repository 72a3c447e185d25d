// Shapes to try stars on: drawn ones, and the true nuclei of a picture.

import type { Mask } from "./rays.ts";

export type Drawn = "ellipse" | "bean" | "ring" | "branched";

const SIDE = 64; // pixels
const MARGIN = 8; // pixels around a nucleus
const SHAPES: Record<Drawn, (y: number, x: number) => boolean> = {
	// y and x from -1 to 1
	ellipse: (y, x) => (x / 0.85) ** 2 + (y / 0.5) ** 2 <= 1,
	bean: (y, x) => (x / 0.85) ** 2 + (y / 0.62) ** 2 <= 1 && (x / 0.42) ** 2 + ((y - 0.6) / 0.58) ** 2 > 1,
	ring: (y, x) => Math.hypot(y, x) <= 0.8 && Math.hypot(y, x) > 0.42,
	branched: (y, x) => Math.hypot(y, x) <= 0.34 || ARMS.some((arm) => isOnArm(y, x, arm)),
};
/** Where each arm bends and where it ends: (y, x) twice. */
const ARMS: readonly (readonly [number, number, number, number])[] = [
	[-0.5, -0.3, -0.55, -0.85],
	[-0.35, 0.5, -0.85, 0.55],
	[0.5, 0.35, 0.5, 0.85],
	[0.5, -0.4, 0.85, -0.4],
];
const THICK = 0.13; // half of an arm's width

/** A drawn shape. */
export function drawn(kind: Drawn): Mask {
	const inside = new Uint8Array(SIDE * SIDE);
	for (let i = 0; i < inside.length; i++) {
		const y = (Math.floor(i / SIDE) + 0.5) / (SIDE / 2) - 1;
		const x = ((i % SIDE) + 0.5) / (SIDE / 2) - 1;
		inside[i] = Number(SHAPES[kind](y, x));
	}
	return { inside, height: SIDE, width: SIDE };
}

/** A square of a picture around one of its nuclei, and where it lies. */
export interface Nucleus extends Mask {
	readonly top: number;
	readonly left: number;
}

/** Numbers of the nuclei in a label picture, in order. */
export function numbersIn(labels: Int32Array): number[] {
	return [...new Set(labels)].filter((number) => number > 0).sort((a, b) => a - b);
}

/** One nucleus of a label picture, with a margin; what lies beyond the picture is outside. */
export function nucleus(labels: Int32Array, width: number, number: number): Nucleus {
	let [top, bottom, left, right] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 0];
	labels.forEach((label, i) => {
		if (label !== number) return;
		const y = Math.floor(i / width);
		top = Math.min(top, y);
		bottom = Math.max(bottom, y);
		left = Math.min(left, i % width);
		right = Math.max(right, i % width);
	});
	const side = Math.max(bottom - top, right - left) + 1 + 2 * MARGIN;
	top = Math.round((top + bottom - side) / 2);
	left = Math.round((left + right - side) / 2);
	const inside = new Uint8Array(side * side);
	const height = labels.length / width;
	for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
		for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) {
			inside[(y - top) * side + x - left] = Number(labels[y * width + x] === number);
		}
	}
	return { inside, height: side, width: side, top, left };
}

/** The pixel of a shape that is nearest to the middle of its mass. */
export function middleOf({ inside, width }: Mask): { readonly y: number; readonly x: number } {
	let [sumY, sumX, count] = [0, 0, 0];
	inside.forEach((is, i) => {
		sumY += is * Math.floor(i / width);
		sumX += is * (i % width);
		count += is;
	});
	let best = { y: 0, x: 0, away: Number.POSITIVE_INFINITY };
	inside.forEach((is, i) => {
		const [y, x] = [Math.floor(i / width), i % width];
		const away = Math.hypot(y - sumY / count, x - sumX / count);
		if (is && away < best.away) best = { y, x, away };
	});
	return { y: best.y, x: best.x };
}

function isOnArm(
	y: number,
	x: number,
	[bendY, bendX, endY, endX]: readonly [number, number, number, number],
): boolean {
	return away(y, x, 0, 0, bendY, bendX) <= THICK || away(y, x, bendY, bendX, endY, endX) <= THICK;
}

/** Distance of a place to a line from (ay, ax) to (by, bx). */
function away(y: number, x: number, ay: number, ax: number, by: number, bx: number): number {
	const [dy, dx] = [by - ay, bx - ax];
	const along = Math.min(1, Math.max(0, ((y - ay) * dy + (x - ax) * dx) / (dy * dy + dx * dx)));
	return Math.hypot(y - ay - along * dy, x - ax - along * dx);
}
