// How far one sees from a place inside a shape along each ray, as `convivo.ops.stars.distances` measures it: in steps of
// length one, until the nearest pixel is outside; half a pixel, along the steeper axis, is taken back.

import { cornersOf, fill, type Size } from "./painting.ts";

/** A shape: which pixels belong to it. */
export interface Mask extends Size {
	readonly inside: Uint8Array;
}

export interface Place {
	readonly y: number;
	readonly x: number;
}

/** What a star makes of a shape, in pixels. */
export interface Reach {
	readonly shape: number;
	readonly star: number;
	readonly both: number;
	/** 1 where the shape is not covered, 2 where the star reaches beyond it. */
	readonly wrong: Uint8Array;
}

/** Lengths of the rays from the middle of a pixel; 0 where that is outside the shape. */
export function rayLengths(mask: Mask, { y, x }: Place, rays: number): Float32Array {
	const lengths = new Float32Array(rays);
	if (!isInside(mask, y, x)) return lengths;
	for (let ray = 0; ray < rays; ray++) {
		const angle = Math.fround(ray * Math.fround((2 * Math.PI) / rays));
		const down = Math.fround(Math.sin(angle));
		const right = Math.fround(Math.cos(angle));
		let atY = 0;
		let atX = 0;
		do {
			atY = Math.fround(atY + down);
			atX = Math.fround(atX + right);
		} while (isInside(mask, nearest(Math.fround(y + atY)), nearest(Math.fround(x + atX))));
		const back = 0.5 / Math.max(Math.abs(down), Math.abs(right)) - 1;
		lengths[ray] = Math.hypot(atY + back * down, atX + back * right);
	}
	return lengths;
}

/** A star against a shape, pixel by pixel. */
export function reach(mask: Mask, at: Place, lengths: ArrayLike<number>): Reach {
	const drawn = new Int32Array(mask.inside.length);
	const area = fill(cornersOf(at.y, at.x, lengths), 1, drawn, mask);
	const wrong = new Uint8Array(drawn.length);
	let shape = 0;
	let both = 0;
	for (let i = 0; i < drawn.length; i++) {
		const isShape = mask.inside[i] === 1;
		const isStar = drawn[i] === 1;
		if (isShape) shape++;
		if (isShape && isStar) both++;
		else if (isShape) wrong[i] = 1;
		else if (isStar) wrong[i] = 2;
	}
	return { shape, star: area, both, wrong };
}

/** Intersection over union of a star and a shape. */
export function iouOf({ shape, star, both }: Reach): number {
	return both / (shape + star - both);
}

const LOOKED_AT = 500; // places in a shape that are tried, about

/** The place whose star describes the shape best, and how well; places on a grid are tried. */
export function bestPlace(mask: Mask, rays: number): { readonly at: Place; readonly iou: number } {
	const area = mask.inside.reduce((sum, inside) => sum + inside, 0);
	const step = Math.max(1, Math.ceil(Math.sqrt(area / LOOKED_AT)));
	let best = { at: { y: 0, x: 0 }, iou: -1 };
	for (let y = 0; y < mask.height; y += step) {
		for (let x = 0; x < mask.width; x += step) {
			if (!isInside(mask, y, x)) continue;
			const iou = iouOf(reach(mask, { y, x }, rayLengths(mask, { y, x }, rays)));
			if (iou > best.iou) best = { at: { y, x }, iou };
		}
	}
	return best;
}

export function isInside({ inside, height, width }: Mask, y: number, x: number): boolean {
	return y >= 0 && y < height && x >= 0 && x < width && inside[y * width + x] === 1;
}

/** The nearest whole number, the even one where two are as near: as NumPy rounds. */
function nearest(value: number): number {
	const low = Math.floor(value);
	const share = value - low;
	if (share === 0.5) return low % 2 === 0 ? low : low + 1;
	return share < 0.5 ? low : low + 1;
}
