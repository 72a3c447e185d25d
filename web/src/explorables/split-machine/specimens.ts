// Patches of images of several days, each as two numbers that a net might have made of it. What belongs to a condition
// shows in the first number; but every day and every image has its own offset, as light, stain and focus have.

import { normals } from "../../parts/random.ts";

export const DAYS = 4;
export const IMAGES = 4; // of a day: half of them controls, half treated
export const PATCHES = 6; // of an image
const SIGNAL = 0.9; // half the distance between the conditions
const DAY = 0.8; // standard deviations of the offsets
const IMAGE = 0.9;
const NOISE = 0.12; // of each patch's own

export interface Patch {
	readonly day: number;
	/** Number among all images. */
	readonly image: number;
	readonly treated: boolean;
	/** Two features. */
	readonly at: readonly [number, number];
}

/** All patches of so many days, in their order. */
export function patchesOf(days: number, seed: number): Patch[] {
	const draw = normals(seed);
	const offset = (deviation: number) => [deviation * draw(), deviation * draw()] as const;
	const patches: Patch[] = [];
	for (let day = 0; day < days; day++) {
		const ofDay = offset(DAY);
		for (let number = 0; number < IMAGES; number++) {
			const ofImage = offset(IMAGE);
			const treated = number % 2 === 1;
			for (let i = 0; i < PATCHES; i++) {
				const own = offset(NOISE);
				const x = (treated ? SIGNAL : -SIGNAL) + ofDay[0] + ofImage[0] + own[0];
				patches.push({ day, image: day * IMAGES + number, treated, at: [x, ofDay[1] + ofImage[1] + own[1]] });
			}
		}
	}
	return patches;
}
