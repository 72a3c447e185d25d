// The same weights found step by step, as nets find theirs, and the loss after each step. The steps are conjugate
// gradients (Hestenes, Stiefel 1952): each goes downhill as far as it pays, in a direction that undoes none before.

import { squaredError } from "./least-squares.ts";
import type { Products } from "./patch-products.ts";
import { CENTRE, PLACES, type Spot, seen } from "./window.ts";

/** The sum of squared errors before the first step, with all weights 0, and after each. */
export function losses(products: Products, spot: Spot, steps: number): number[] {
	const places = seen(spot);
	const weights = new Float64Array(PLACES);
	const rest = new Float64Array(PLACES); // how far downhill points; half the gradient, turned round
	for (const place of places) rest[place] = products[place * PLACES + CENTRE] as number;
	const direction = rest.slice();
	const curve = [squaredError(products, weights)];
	let steepness = square(rest);
	const flat = steepness * 1e-24;
	for (let step = 0; step < steps; step++) {
		if (steepness > flat) {
			const pull = pulled(products, direction, places);
			const far = steepness / inner(direction, pull);
			for (const place of places) {
				weights[place] = (weights[place] as number) + far * (direction[place] as number);
				rest[place] = (rest[place] as number) - far * (pull[place] as number);
			}
			const next = square(rest);
			for (const place of places)
				direction[place] = (rest[place] as number) + (next / steepness) * (direction[place] as number);
			steepness = next;
		}
		curve.push(squaredError(products, weights));
	}
	return curve;
}

function pulled(products: Products, direction: Float64Array, places: readonly number[]): Float64Array {
	const found = new Float64Array(PLACES);
	for (const row of places) {
		let sum = 0;
		for (const column of places)
			sum += (products[row * PLACES + column] as number) * (direction[column] as number);
		found[row] = sum;
	}
	return found;
}

function inner(one: Float64Array, other: Float64Array): number {
	let sum = 0;
	for (let i = 0; i < one.length; i++) sum += (one[i] as number) * (other[i] as number);
	return sum;
}

function square(values: Float64Array): number {
	return inner(values, values);
}
