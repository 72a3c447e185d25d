// One setting of the experiment: noise is added, a fit guesses every pixel from its window, and what came of it is
// measured. All values are shares of the way from the picture's black to its white.

import { filtered } from "./filter.ts";
import { losses } from "./learning.ts";
import { quadratic, squaredError, weights } from "./least-squares.ts";
import { amounts, type Fields, inside, mixed, mixedProducts } from "./mixture.ts";
import type { Products } from "./patch-products.ts";
import { CENTRE, PLACES, REACH, type Spot } from "./window.ts";

export const STEPS = 15; // of learning that are shown

export interface Setting {
	/** Standard deviation of the noise that is added. */
	readonly deviation: number;
	/** Share of its variance that runs along rows. */
	readonly share: number;
	readonly spot: Spot;
}

/** What came of it. Pictures are (height - 8, width - 8): the pixels with a whole window. */
export interface Outcome {
	readonly height: number;
	readonly width: number;
	readonly noisy: Float32Array;
	readonly restored: Float32Array;
	/** 81 weights in rows. */
	readonly weights: Float64Array;
	/** Mean squared difference between the noisy pixels and what was guessed of them. */
	readonly loss: number;
	/** Variance of the noise that was added, as it fell. */
	readonly added: number;
	/** Share of the variance of each kind of noise that comes through the weights. */
	readonly ownThrough: number;
	readonly rowThrough: number;
	/** Loss before the first and after each step of learning, with the spot open and with it closed. */
	readonly openLosses: readonly number[];
	readonly closedLosses: readonly number[];
}

export function experiment(fields: Fields, { deviation, share, spot }: Setting): Outcome {
	const { height, width, mean } = fields;
	const parts = amounts(deviation, share);
	const values = mixed(fields, parts);
	const products = mixedProducts(fields, parts);
	const found = weights(products, spot);
	const count = (height - 2 * REACH) * (width - 2 * REACH);
	const curve = (where: Spot) => losses(products, where, STEPS).map((sum) => sum / count);
	const noise = mixedProducts(fields, [0, parts[1], parts[2]]);
	return {
		height: height - 2 * REACH,
		width: width - 2 * REACH,
		noisy: inside(values, height, width, mean),
		restored: plus(filtered(values, height, width, found), mean),
		weights: found,
		loss: squaredError(products, found) / count,
		added: centre(noise) / count,
		ownThrough: quadratic(fields.own[1], found) / centre(fields.own[1]),
		rowThrough: quadratic(fields.own[2], found) / centre(fields.own[2]),
		openLosses: curve("open"),
		closedLosses: curve(spot === "open" ? "pixel" : spot),
	};
}

/** What the weights make of the added noise alone: what of it is left in the restored picture. */
export function noiseLeft(fields: Fields, { deviation, share }: Setting, found: Float64Array): Float32Array {
	const [, own, rows] = amounts(deviation, share);
	return filtered(mixed(fields, [0, own, rows]), fields.height, fields.width, found);
}

/** Mean squared difference of two pictures: against the clean one it is the variance of the noise. */
export function meanSquaredDifference(one: Float32Array, other: Float32Array): number {
	let sum = 0;
	for (let i = 0; i < one.length; i++) sum += ((one[i] as number) - (other[i] as number)) ** 2;
	return sum / one.length;
}

/** Peak signal to noise ratio in decibels, of a picture that goes from 0 to 1. */
export function decibels(squaredDifference: number): number {
	return -10 * Math.log10(squaredDifference);
}

function centre(products: Products): number {
	return products[CENTRE * PLACES + CENTRE] as number;
}

function plus(values: Float32Array, number: number): Float32Array {
	for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + number;
	return values;
}
