// The arithmetic of one convolution, as `torch.nn.functional.conv2d` does it: the kernel is laid on, not flipped.

import type { Tensor } from "../../tensor.ts";

/** The products of the kernel with the patch whose middle lies at (y, x); what lies outside the picture counts as zero. */
export function products(
	pixels: Tensor<Float32Array>,
	kernel: readonly number[],
	y: number,
	x: number,
): { readonly patch: number[]; readonly products: number[]; readonly sum: number } {
	const side = Math.sqrt(kernel.length);
	const reach = (side - 1) / 2;
	const [height = 0, width = 0] = pixels.shape;
	const patch = kernel.map((_, i) => {
		const row = y + Math.floor(i / side) - reach;
		const column = x + (i % side) - reach;
		const isInside = row >= 0 && row < height && column >= 0 && column < width;
		return isInside ? (pixels.data[row * width + column] as number) : 0;
	});
	const multiplied = patch.map((value, i) => value * (kernel[i] as number));
	return { patch, products: multiplied, sum: multiplied.reduce((sum, value) => sum + value, 0) };
}

/** The picture convolved with the kernel, of the same size; outside counts as zero. */
export function correlate(pixels: Tensor<Float32Array>, kernel: readonly number[]): Tensor<Float32Array> {
	const side = Math.sqrt(kernel.length);
	const reach = (side - 1) / 2;
	const [height = 0, width = 0] = pixels.shape;
	const out = new Float32Array(height * width);
	kernel.forEach((weight, i) => {
		if (weight === 0) return;
		const down = Math.floor(i / side) - reach;
		const right = (i % side) - reach;
		const fromX = Math.max(0, -right);
		const toX = Math.min(width, width - right);
		for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
			const row = y * width;
			const source = (y + down) * width + right;
			for (let x = fromX; x < toX; x++) out[row + x]! += weight * (pixels.data[source + x] as number);
		}
	});
	return { shape: [height, width], data: out };
}
