// The whole course of learning: a net learns from some images, and is asked about others after every few steps.

import { imagesOf, mixture, scrambled } from "./images.ts";
import { begun, type Kind, stepped, told } from "./nets.ts";

export const STEPS = 40;
const EVERY = 4; // steps between two questions
export const TRAINING = 200; // images
export const TEST = 400;
const OTHERS = 1000; // added to the seed of those that are not learned from

/** The share of new images that are said rightly, after so many steps. */
export type Point = readonly [number, number];

/** Learn step by step; gives the curve so far after every step, so that whoever draws it can breathe in between. */
export function* learning(kind: Kind, isScrambled: boolean, seed: number): Generator<readonly Point[]> {
	const order = mixture(seed);
	const made = (count: number, from: number) => {
		const images = imagesOf(count, from);
		return isScrambled ? scrambled(images, order) : images;
	};
	const training = made(TRAINING, seed);
	const test = made(TEST, seed + OTHERS);
	let net = begun(kind, seed);
	const curve: Point[] = [];
	for (let step = 0; step <= STEPS; step++) {
		if (step % EVERY === 0) curve.push([step, told(net, test).accuracy]);
		yield [...curve];
		if (step < STEPS) net = stepped(net, told(net, training).gradient);
	}
}
