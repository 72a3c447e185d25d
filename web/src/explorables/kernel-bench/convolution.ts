// The arithmetic of one layer of a net, for one channel and one filter, as `torch.nn.functional.conv2d` does it: the
// kernel is laid on as it is (correlation). What mathematics calls convolution turns it by half first.

import type { Tensor } from "../../tensor.ts";

export type Padding = "zeros" | "none" | "reflect";

export interface Layer {
	/** Row by row; as many rows as columns, an odd number of both. */
	readonly kernel: readonly number[];
	readonly padding: Padding;
	/** Pixels from one place of the kernel to the next. */
	readonly stride: number;
}

export function sideOf(kernel: readonly number[]): number {
	return Math.round(Math.sqrt(kernel.length));
}

/** The kernel turned by half: what makes a correlation a convolution. */
export function flipped(kernel: readonly number[]): readonly number[] {
	return kernel.toReversed();
}

export function sumOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0);
}

/** The sum of the products of a patch and a kernel. */
export function laidOn(under: readonly number[], kernel: readonly number[]): number {
	return sumOf(under.map((value, i) => value * kernel[i]!));
}

/** Positions along an axis of so many pixels. */
export function outputLength(length: number, { kernel, padding, stride }: Layer): number {
	const inside = padding === "none" ? length - sideOf(kernel) + 1 : length;
	return Math.max(0, Math.floor((inside - 1) / stride) + 1);
}

/** Positions along an axis after so many layers of the same kind, one behind the other. */
export function lengthAfter(length: number, layer: Layer, layers: number): number {
	return Array.from({ length: layers }).reduce<number>((before) => outputLength(before, layer), length);
}

/** The middle of the kernel, in pixels of the image, for a position of the output. */
export function middleOf(position: number, { kernel, padding, stride }: Layer): number {
	return position * stride + (padding === "none" ? (sideOf(kernel) - 1) / 2 : 0);
}

/** What lies under the kernel whose middle is at (y, x). */
export function patch(
	pixels: Tensor<Float32Array>,
	{ kernel, padding }: Layer,
	y: number,
	x: number,
): number[] {
	const side = sideOf(kernel);
	const reach = (side - 1) / 2;
	const [height = 0, width = 0] = pixels.shape;
	return kernel.map((_, i) => {
		const row = inside(y + Math.floor(i / side) - reach, height, padding);
		const column = inside(x + (i % side) - reach, width, padding);
		return row < 0 || column < 0 ? 0 : pixels.data[row * width + column]!;
	});
}

/** The layer's output for every place of the kernel, in rows. */
export function correlate(pixels: Tensor<Float32Array>, layer: Layer): Tensor<Float32Array> {
	const { kernel, padding, stride } = layer;
	const side = sideOf(kernel);
	const reach = (side - 1) / 2;
	const [height = 0, width = 0] = pixels.shape;
	const rows = outputLength(height, layer);
	const columns = outputLength(width, layer);
	const out = new Float32Array(rows * columns);
	const first = padding === "none" ? reach : 0;
	for (const [i, weight] of kernel.entries()) {
		if (weight === 0) continue;
		const right = first + (i % side) - reach;
		const across = Int32Array.from({ length: columns }, (_, x) => inside(x * stride + right, width, padding));
		const down = first + Math.floor(i / side) - reach;
		for (let y = 0; y < rows; y++) {
			const row = inside(y * stride + down, height, padding);
			if (row < 0) continue;
			for (let x = 0; x < columns; x++) {
				const column = across[x]!;
				if (column >= 0) out[y * columns + x]! += weight * pixels.data[row * width + column]!;
			}
		}
	}
	return { shape: [rows, columns], data: out };
}

/** Where a pixel outside the image is read: nowhere (-1), or mirrored at the pixel of the border. */
function inside(place: number, length: number, padding: Padding): number {
	if (place >= 0 && place < length) return place;
	if (padding !== "reflect") return -1;
	return place < 0 ? -place : 2 * (length - 1) - place;
}

/** The weights changed as little as possible, each by the same amount, so that they sum to `total`. */
export function withSum(kernel: readonly number[], total: number): readonly number[] {
	const shift = (total - sumOf(kernel)) / kernel.length;
	return kernel.map((weight) => weight + shift);
}

/** One weight changed; where the sum is to stay, all others give way by the same amount. */
export function withWeight(
	kernel: readonly number[],
	place: number,
	weight: number,
	total: number | null,
): readonly number[] {
	const changed = kernel.with(place, weight);
	if (total === null) return changed;
	const shift = (total - sumOf(changed)) / (kernel.length - 1);
	return changed.map((each, i) => (i === place ? each : each + shift));
}

/** The kernel in the middle of one of another side; what does not fit is cut off. */
export function resized(kernel: readonly number[], side: number): readonly number[] {
	const before = sideOf(kernel);
	const shift = (before - side) / 2;
	return Array.from({ length: side * side }, (_, i) => {
		const row = Math.floor(i / side) + shift;
		const column = (i % side) + shift;
		const isThere = row >= 0 && column >= 0 && row < before && column < before;
		return isThere ? kernel[row * before + column]! : 0;
	});
}
