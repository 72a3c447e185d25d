// The weights with which the neighbours of a pixel guess it best: least squares over all windows of the picture.

import type { Products } from "./patch-products.ts";
import { CENTRE, PLACES, type Spot, seen } from "./window.ts";

const RIDGE = 1e-11; // of the mean square: keeps the equations solvable where a picture has no noise at all

/** 81 weights in rows, 0 where the spot hides the place. */
export function weights(products: Products, spot: Spot): Float64Array {
	const places = seen(spot);
	const found = solve(
		matrix(products, places),
		places.map((place) => at(products, place * PLACES + CENTRE)),
	);
	const all = new Float64Array(PLACES);
	places.forEach((place, number) => {
		all[place] = found[number] as number;
	});
	return all;
}

/** Sum of squares between the pixels and what the weights make of their windows. */
export function squaredError(products: Products, given: Float64Array): number {
	const error = Float64Array.from(given, (weight, place) => (place === CENTRE ? weight - 1 : weight));
	return quadratic(products, error);
}

/** w' G w: the sum of squares of what the weights make of all windows. */
export function quadratic(products: Products, given: Float64Array): number {
	let sum = 0;
	for (let row = 0; row < PLACES; row++) {
		let line = 0;
		for (let column = 0; column < PLACES; column++)
			line += at(products, row * PLACES + column) * at(given, column);
		sum += at(given, row) * line;
	}
	return Math.max(0, sum);
}

function matrix(products: Products, places: readonly number[]): Float64Array[] {
	const ridge = RIDGE * at(products, CENTRE * PLACES + CENTRE) || Number.MIN_VALUE;
	return places.map((row) =>
		Float64Array.from(places, (column) => at(products, row * PLACES + column) + (row === column ? ridge : 0)),
	);
}

/** Solve A x = b for a symmetric, positive A, which is overwritten (Cholesky: A = L L'). */
function solve(rows: readonly Float64Array[], right: readonly number[]): Float64Array {
	const found = Float64Array.from(right);
	rows.forEach((row, i) => {
		for (let j = 0; j < i; j++)
			row[j] = (at(row, j) - inner(row, rows[j] as Float64Array, j)) / at(rows[j] as Float64Array, j);
		row[i] = Math.sqrt(Math.max(at(row, i) - inner(row, row, i), Number.MIN_VALUE));
		found[i] = (at(found, i) - inner(row, found, i)) / at(row, i);
	});
	for (let i = rows.length - 1; i >= 0; i--) {
		const row = rows[i] as Float64Array;
		const value = at(found, i) / at(row, i);
		found[i] = value;
		for (let j = 0; j < i; j++) found[j] = at(found, j) - at(row, j) * value;
	}
	return found;
}

function inner(one: Float64Array, other: Float64Array, count: number): number {
	let sum = 0;
	for (let i = 0; i < count; i++) sum += at(one, i) * at(other, i);
	return sum;
}

function at(values: Float64Array, place: number): number {
	return values[place] as number;
}
