// A U-Net so small that it runs while a hand moves: two poolings, two convolutions in each block, one channel on the
// first level. It is convivo's own (`UNetSize(filters=1, depth=2)`), with weights by chance.

import { normals } from "../../parts/random.ts";

/** Channels of (height, width) each, one behind the other. */
export interface Maps {
	readonly channels: number;
	readonly height: number;
	readonly width: number;
	readonly data: Float64Array<ArrayBuffer>;
}

interface Layer {
	readonly from: number;
	readonly to: number;
	readonly side: number;
	/** (to, from, side, side). */
	readonly weights: Float64Array;
}

export const STRIDE = 4; // input pixels under one pixel of the coarsest level
const SEED = 8;
const LEAN = 0.4; // of the mean of the weights, in their deviations: so that no map dies away
const SHAPES = [
	...[1, 1, 3, 1, 1, 3], // down 0
	...[1, 2, 3, 2, 2, 3], // down 1
	...[2, 4, 3, 4, 2, 3], // middle
	...[4, 2, 3, 2, 1, 3], // up 1
	...[2, 1, 3, 1, 1, 3], // up 0
	...[1, 1, 1], // head
]; // channels that come in, channels that go out, side of the kernel

/** The layers in their order; weights are normal, so large that maps neither fade nor grow (He 2015). */
export const LAYERS: readonly Layer[] = Array.from({ length: SHAPES.length / 3 }, (_, i) => {
	const [from = 0, to = 0, side = 0] = SHAPES.slice(3 * i, 3 * i + 3);
	const draw = normals(100 * SEED + i);
	const scale = Math.sqrt(2 / (from * side * side));
	return {
		from,
		to,
		side,
		weights: Float64Array.from(
			{ length: to * from * side * side },
			() => scale * (draw() + (side > 1 ? LEAN : 0)),
		),
	};
});

/** The net's answer; both sides of the image are multiples of STRIDE. */
export function answer(image: Maps): Maps {
	const block = (maps: Maps, first: number) =>
		rectified(convolved(rectified(convolved(maps, LAYERS[first]!)), LAYERS[first + 1]!));
	const skip0 = block(image, 0);
	const skip1 = block(pooled(skip0), 2);
	const deep = block(pooled(skip1), 4);
	const middle = block(beside(doubled(deep), skip1), 6);
	const fine = block(beside(doubled(middle), skip0), 8);
	return mixed(fine, LAYERS[10]!);
}

/** A 3 x 3 convolution; zeros lie around the maps. */
function convolved(maps: Maps, { from, to, weights }: Layer): Maps {
	const { height, width } = maps;
	const padded = framed(maps);
	const wide = width + 2;
	const out = new Float64Array(to * height * width);
	for (let pair = 0; pair < to * from; pair++) {
		const [a, b, c, d, e, f, g, h, i] = weights.subarray(9 * pair, 9 * pair + 9) as unknown as NineNumbers;
		const into = Math.floor(pair / from) * height * width;
		const first = (pair % from) * (height + 2) * wide;
		for (let y = 0, o = into; y < height; y++) {
			let p = first + y * wide;
			for (let x = 0; x < width; x++, p++, o++) {
				const q = p + wide;
				const r = q + wide;
				out[o]! +=
					a * padded[p]! +
					b * padded[p + 1]! +
					c * padded[p + 2]! +
					(d * padded[q]! + e * padded[q + 1]! + f * padded[q + 2]!) +
					(g * padded[r]! + h * padded[r + 1]! + i * padded[r + 2]!);
			}
		}
	}
	return { channels: to, height, width, data: out };
}

type NineNumbers = readonly [number, number, number, number, number, number, number, number, number];

function framed({ channels, height, width, data }: Maps): Float64Array {
	const wide = width + 2;
	const out = new Float64Array(channels * (height + 2) * wide);
	for (let channel = 0; channel < channels; channel++) {
		for (let y = 0; y < height; y++) {
			const from = (channel * height + y) * width;
			out.set(data.subarray(from, from + width), (channel * (height + 2) + y + 1) * wide + 1);
		}
	}
	return out;
}

/** The head, a 1 x 1 convolution of one channel into one. */
function mixed(maps: Maps, { weights }: Layer): Maps {
	return { ...maps, data: maps.data.map((value) => weights[0]! * value) };
}

function rectified(maps: Maps): Maps {
	const { data } = maps;
	for (let i = 0; i < data.length; i++) if (data[i]! < 0) data[i] = 0;
	return maps;
}

/** The largest of each 2 x 2 pixels. */
function pooled({ channels, height, width, data }: Maps): Maps {
	const [rows, columns] = [height / 2, width / 2];
	const out = new Float64Array(channels * rows * columns);
	for (let row = 0, i = 0; row < channels * rows; row++) {
		for (let x = 0; x < columns; x++, i++) {
			const at = 2 * row * width + 2 * x;
			out[i] = Math.max(data[at]!, data[at + 1]!, data[at + width]!, data[at + width + 1]!);
		}
	}
	return { channels, height: rows, width: columns, data: out };
}

/** Each pixel four times. */
function doubled({ channels, height, width, data }: Maps): Maps {
	const out = new Float64Array(4 * data.length);
	for (let row = 0, i = 0; row < 2 * channels * height; row++) {
		const from = (row >> 1) * width;
		for (let x = 0; x < 2 * width; x++) out[i++] = data[from + (x >> 1)]!;
	}
	return { channels, height: 2 * height, width: 2 * width, data: out };
}

function beside(maps: Maps, skip: Maps): Maps {
	const data = new Float64Array(maps.data.length + skip.data.length);
	data.set(maps.data);
	data.set(skip.data, maps.data.length);
	return { ...maps, channels: maps.channels + skip.channels, data };
}
