// All that least squares needs to know of a picture: for every two places of the window, the sum of their products
// over all windows that lie in the picture.
//
// Two places that lie the same way apart share nearly all their products, so there are not 81 x 81 sums over the
// picture but 145, one for each way of lying apart: the sum for the next place is that of the place before it, less a
// column (or row) on the one side, plus one on the other. The sums are exact.

import { PLACES, REACH, SIDE } from "./window.ts";

/** (81, 81) sums in rows. */
export type Products = Float64Array<ArrayBuffer>;

/** The sums of a (height, width) picture over its (height - 8) x (width - 8) windows. */
export function patchProducts(values: Float64Array, height: number, width: number): Products {
	const products = new Float64Array(PLACES * PLACES);
	for (let down = 0; down < SIDE; down++) {
		for (let right = down > 0 ? 1 - SIDE : 0; right < SIDE; right++) {
			fill(products, values, height, width, down, right);
		}
	}
	return products;
}

/** The products of places of which the second lies `down` and `right` of the first. */
function fill(
	products: Products,
	values: Float64Array,
	height: number,
	width: number,
	down: number,
	right: number,
): void {
	const firstColumn = Math.max(0, -right);
	const lastColumn = SIDE - 1 - Math.max(0, right);
	const windows = width - 2 * REACH;
	const sums = new Float64Array(SIDE); // of one row of windows, for each column of the window
	const columns = new Float64Array((height - down) * SIDE);
	for (let y = 0; y < height - down; y++) {
		const here = y * width;
		const there = (y + down) * width + right;
		let sum = product(values, here + firstColumn, there + firstColumn, windows);
		sums[firstColumn] = sum;
		for (let x = firstColumn; x < lastColumn; x++) {
			sum -= at(values, here + x) * at(values, there + x);
			sum += at(values, here + x + windows) * at(values, there + x + windows);
			sums[x + 1] = sum;
		}
		columns.set(sums, y * SIDE);
	}
	const tall = height - 2 * REACH;
	for (let x = firstColumn; x <= lastColumn; x++) {
		let sum = 0;
		for (let y = 0; y < tall; y++) sum += at(columns, y * SIDE + x);
		for (let y = 0; y + down < SIDE; y++) {
			const first = y * SIDE + x;
			const second = first + down * SIDE + right;
			products[first * PLACES + second] = sum;
			products[second * PLACES + first] = sum;
			if (y + down + 1 < SIDE) sum += at(columns, (y + tall) * SIDE + x) - at(columns, y * SIDE + x);
		}
	}
}

function product(values: Float64Array, here: number, there: number, count: number): number {
	let even = 0; // two sums, so that one addition need not wait for the other
	let odd = 0;
	const pairs = count - (count % 2);
	for (let i = 0; i < pairs; i += 2) {
		even += at(values, here + i) * at(values, there + i);
		odd += at(values, here + i + 1) * at(values, there + i + 1);
	}
	if (pairs < count) even += at(values, here + pairs) * at(values, there + pairs);
	return even + odd;
}

function at(values: Float64Array, place: number): number {
	return values[place] as number;
}
