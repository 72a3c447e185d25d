// A picture with noise added, and all sums that a fit to it needs. Picture and noise are fields that are mixed in
// changing amounts; the sums of a mixture are mixed from those of its fields, which are taken once. So a slider costs
// no pass over all windows.

import { type Lines, ownNoise, rowNoise } from "./noise.ts";
import { type Products, patchProducts } from "./patch-products.ts";
import { REACH } from "./window.ts";

export interface Fields {
	readonly height: number;
	readonly width: number;
	/** The picture's mean, which was taken off it: weights need not spend themselves on it. */
	readonly mean: number;
	/** The picture less its mean; noise of each pixel's own; noise along rows. */
	readonly values: readonly [Float64Array, Float64Array, Float64Array];
	/** Their sums, and what each two of them add where they are mixed. */
	readonly own: readonly [Products, Products, Products];
	readonly shared: readonly [Products, Products, Products];
}

/** How much of picture, own noise and row noise there is in a mixture. */
export type Amounts = readonly [number, number, number];

const PAIRS = [
	[0, 1],
	[0, 2],
	[1, 2],
] as const;

/** The fields of a (height, width) picture and the noise of a seed. */
export function fields(
	picture: ArrayLike<number>,
	height: number,
	width: number,
	lines: Lines,
	seed: number,
): Fields {
	const mean = Array.prototype.reduce.call(picture, (sum, value) => Number(sum) + Number(value), 0) as number;
	const level = mean / picture.length;
	const values = [
		Float64Array.from(picture, (value) => value - level),
		ownNoise(height, width, seed),
		rowNoise(lines, height, width, seed),
	] as const;
	const sums = (field: Float64Array) => patchProducts(field, height, width);
	const own = [sums(values[0]), sums(values[1]), sums(values[2])] as const;
	const [a, b, c] = PAIRS.map(([one, other]) => {
		const both = sums(values[one].map((value, i) => value + (values[other][i] as number)));
		return both.map((sum, i) => sum - (own[one][i] as number) - (own[other][i] as number)); // 2xy = (x+y)² - x² - y²
	}) as [Products, Products, Products];
	return { height, width, mean: level, values, own, shared: [a, b, c] };
}

/** Noise of a standard deviation, of whose variance a share runs along rows. */
export function amounts(deviation: number, share: number): Amounts {
	return [1, deviation * Math.sqrt(1 - share), deviation * Math.sqrt(share)];
}

/** The sums of a mixture. */
export function mixedProducts(fields: Fields, amounts: Amounts): Products {
	const sums = new Float64Array(fields.own[0].length);
	for (const [i, own] of fields.own.entries()) add(sums, own, (amounts[i] as number) ** 2);
	for (const [i, [one, other]] of PAIRS.entries())
		add(sums, fields.shared[i] as Products, amounts[one] * amounts[other]);
	return sums;
}

/** The values of a mixture, (height, width) in rows. */
export function mixed(fields: Fields, amounts: Amounts): Float64Array {
	const sum = new Float64Array(fields.height * fields.width);
	for (const [i, values] of fields.values.entries()) add(sum, values, amounts[i] as number);
	return sum;
}

/** Values of the pixels that have a whole window, plus a number. */
export function inside(
	values: ArrayLike<number>,
	height: number,
	width: number,
	plus = 0,
): Float32Array<ArrayBuffer> {
	const wide = width - 2 * REACH;
	const part = new Float32Array((height - 2 * REACH) * wide);
	for (let i = 0, y = REACH; y < height - REACH; y++) {
		for (let x = REACH; x < width - REACH; x++) part[i++] = (values[y * width + x] as number) + plus;
	}
	return part;
}

function add(into: Float64Array, values: Float64Array, times: number): void {
	if (times === 0) return;
	for (let i = 0; i < into.length; i++) into[i] = (into[i] as number) + times * (values[i] as number);
}
