// Images to learn from, and kernels to be learned. Values go from 0 to 1.

import { normals } from "../../parts/random.ts";
import { cornerIn, squareOf } from "../../parts/square.ts";
import type { Picture } from "../../picture.ts";

export const SIDE = 32;
export const IMAGES = ["flat", "stripes", "face", "picture"] as const;
export type Image = (typeof IMAGES)[number];

export const TRUE_KERNELS = {
	blur: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16),
	edge: [-1, 0, 1, -2, 0, 2, -1, 0, 1].map((weight) => weight / 4),
	sharpen: [0, -0.5, 0, -0.5, 3, -0.5, 0, -0.5, 0],
} as const;
export type TrueKernel = keyof typeof TRUE_KERNELS;

const STARTS = 0.3; // standard deviation of the weights before learning

/** Nine weights that learning begins with. */
export function startOf(seed: number): number[] {
	const draw = normals(seed);
	return Array.from({ length: 9 }, () => STARTS * draw());
}

/** The image to learn from, (SIDE, SIDE) in rows. */
export function imageOf(kind: Image, picture: Picture, row: number, column: number): Float64Array {
	if (kind === "picture") {
		const at = cornerIn(picture.pixels, row, column, SIDE);
		return squareOf(picture.pixels, at.y, at.x, SIDE).map(
			(value) => (value - picture.low) / (picture.high - picture.low || 1),
		);
	}
	return Float64Array.from({ length: SIDE * SIDE }, (_, i) => drawn(kind, Math.floor(i / SIDE), i % SIDE));
}

function drawn(kind: "flat" | "stripes" | "face", y: number, x: number): number {
	if (kind === "flat") return 1;
	if (kind === "stripes") return x % 6 < 3 ? 1 : 0;
	const middle = (SIDE - 1) / 2;
	const away = Math.hypot(y - middle, x - middle);
	const isEye = Math.hypot(y - 11, Math.abs(x - middle) - 5) < 2;
	const isMouth = y > 17 && Math.abs(Math.hypot(y - 13, x - middle) - 8) < 1;
	return isEye || isMouth || Math.abs(away - 13) < 1 ? 1 : 0;
}
