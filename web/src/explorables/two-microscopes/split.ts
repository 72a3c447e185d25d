// Two pictures in one, differences, and profiles; pictures are (height, width) in rows.

/** One picture left of a column, another one from it on. */
export function splitAt(
	left: Float32Array,
	right: Float32Array,
	width: number,
	column: number,
): Float32Array<ArrayBuffer> {
	return Float32Array.from(left, (value, i) => (i % width < column ? value : right[i]!));
}

export function difference(one: Float32Array, other: Float32Array): Float32Array<ArrayBuffer> {
	return Float32Array.from(one, (value, i) => value - other[i]!);
}

/** Value over column, along one row. */
export function profile(values: Float32Array, width: number, row: number): [number, number][] {
	return Array.from({ length: width }, (_, x) => [x, values[row * width + x]!]);
}

/** The values between which all but a share of them lie, half of it below and half above. */
export function range(values: Float32Array, without: number): { low: number; high: number } {
	const sorted = values.toSorted();
	const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
	return { low: at(without / 2), high: at(1 - without / 2) };
}
