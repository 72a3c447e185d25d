// What an image tells about a 3 x 3 kernel: all of it stands in the 9 x 9 matrix of the mean products of the pixels of
// its patches. Its eigenvectors are directions in which the weights can be changed; an eigenvalue is how much such a
// change shows. A direction of eigenvalue 0 does not show at all.

import { SIDE } from "./images.ts";

export interface Directions {
	/** From the one that shows most to the one that shows least. */
	readonly values: readonly number[];
	/** One direction of nine weights for each value, of length 1. */
	readonly vectors: readonly (readonly number[])[];
}

export const INNER = SIDE - 2; // places of a kernel that does not leave the image, to each side
const NOTHING = 1e-10; // of the largest eigenvalue: what is less is rounding

/** Mean products of each two of the nine pixels under the kernel, over all its places. */
export function meanProducts(image: ArrayLike<number>): number[][] {
	const sums = Array.from({ length: 9 }, () => new Array<number>(9).fill(0));
	for (let y = 0; y < INNER; y++) {
		for (let x = 0; x < INNER; x++) {
			const patch = PLACES.map(([down, right]) => image[(y + down) * SIDE + x + right]!);
			for (let i = 0; i < 9; i++) for (let j = 0; j < 9; j++) sums[i]![j]! += patch[i]! * patch[j]!;
		}
	}
	return sums.map((row) => row.map((sum) => sum / INNER ** 2));
}

const PLACES = Array.from({ length: 9 }, (_, i) => [Math.floor(i / 3), i % 3] as const);

/** What the kernel makes of the image, (INNER, INNER) in rows. */
export function correlated(image: ArrayLike<number>, kernel: readonly number[]): Float64Array {
	return Float64Array.from({ length: INNER * INNER }, (_, at) => {
		const corner = Math.floor(at / INNER) * SIDE + (at % INNER);
		return PLACES.reduce(
			(sum, [down, right], i) => sum + kernel[i]! * image[corner + down * SIDE + right]!,
			0,
		);
	});
}

/** How many directions the image tells nothing about. */
export function openDirections({ values }: Directions): number {
	return values.filter((value) => value <= NOTHING * values[0]!).length;
}

/** Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations: each makes one product vanish. */
export function directionsOf(matrix: readonly (readonly number[])[]): Directions {
	const size = matrix.length;
	const a = matrix.map((row) => [...row]);
	const turned = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
	for (let sweep = 0; sweep < 30; sweep++) {
		for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, turned, p, q);
	}
	const order = a.map((_, i) => i).sort((i, j) => a[j]![j]! - a[i]![i]!);
	return {
		values: order.map((i) => Math.max(0, a[i]![i]!)),
		vectors: order.map((i) => turned.map((row) => row[i]!)),
	};
}

function rotate(a: number[][], turned: number[][], p: number, q: number): void {
	const shared = a[p]![q]!;
	if (shared === 0) return;
	const angle = (a[q]![q]! - a[p]![p]!) / (2 * shared);
	const tangent = Math.sign(angle || 1) / (Math.abs(angle) + Math.sqrt(angle * angle + 1));
	const cosine = 1 / Math.sqrt(tangent * tangent + 1);
	const sine = tangent * cosine;
	for (const row of [...a, ...turned]) {
		const [left, right] = [row[p]!, row[q]!];
		row[p] = cosine * left - sine * right;
		row[q] = sine * left + cosine * right;
	}
	const [upper, lower] = [a[p]!, a[q]!];
	for (let i = 0; i < a.length; i++) {
		const [above, below] = [upper[i]!, lower[i]!];
		upper[i] = cosine * above - sine * below;
		lower[i] = sine * above + cosine * below;
	}
}
