// What can be set on the kernel tab, and what follows from it.

import { computed, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Bench } from "../../bench.ts";
import type { Tensor } from "../../tensor.ts";
import {
	correlate,
	flipped,
	type Layer,
	type Padding,
	sideOf,
	sumOf,
	withSum,
	withWeight,
} from "./convolution.ts";
import { SOBEL_X } from "./presets.ts";

const PADDINGS = ["zeros", "none", "reflect"] as const;
const STRIDES = ["1", "2", "4"] as const;
const SUMS = ["free", "0", "1"] as const;

export type Stride = (typeof STRIDES)[number];

export interface View {
	readonly kernel: ReadonlySignal<readonly number[]>;
	/** Set all weights; where their sum is kept, each is shifted by the same amount. */
	readonly setKernel: (kernel: readonly number[]) => void;
	/** Put a layer of a net on the bench: its kernel, and its stride. */
	readonly setLayer: (kernel: readonly number[], stride: number) => void;
	/** Set one weight; where the sum is kept, the others give way. */
	readonly setWeight: (place: number, to: number) => void;
	readonly sum: Signal<(typeof SUMS)[number]>;
	readonly turned: Signal<"no" | "yes">;
	readonly padding: Signal<Padding>;
	readonly stride: Signal<Stride>;
	/** Where the middle of the patch is, in pixels of the picture. */
	readonly row: Signal<number>;
	readonly column: Signal<number>;
	/** The layer as it runs: its kernel is turned where convolution was asked for. */
	readonly layer: ReadonlySignal<Layer>;
	readonly result: ReadonlySignal<Tensor<Float32Array>>;
	/** Largest difference that turning the kernel makes, in the picture's units. */
	readonly difference: ReadonlySignal<number>;
}

export function viewOf(bench: Bench): View {
	const { state } = bench;
	const kernel = state.numbers("kernel", SOBEL_X);
	const sum = state.choice("sum", SUMS, "free");
	const turned = state.choice("turned", ["no", "yes"], "no");
	const padding = state.choice<Padding>("padding", PADDINGS, "zeros");
	const stride = state.choice("stride", STRIDES, "1");
	const total = computed(() => (sum.value === "free" ? null : Number(sum.value)));
	const shown = computed(() => {
		const given = [9, 25].includes(kernel.value.length) ? kernel.value : SOBEL_X;
		return total.value === null ? given : withSum(given, total.value);
	});
	const layer = computed<Layer>(() => ({
		kernel: turned.value === "yes" ? flipped(shown.value) : shown.value,
		padding: padding.value,
		stride: Number(stride.value),
	}));
	const result = computed(() => correlate(bench.picture.value.pixels, layer.value));
	const difference = computed(() => {
		const turnedBack = flipped(layer.value.kernel);
		const kernel = layer.value.kernel.map((weight, i) => weight - turnedBack[i]!); // the sums differ as the weights do
		return largest(correlate(bench.picture.value.pixels, { ...layer.value, kernel }).data);
	});
	return {
		kernel: shown,
		setKernel: (to) => {
			kernel.value = to;
		},
		setLayer: (to, every) => {
			kernel.value = to;
			stride.value = STRIDES.find((each) => Number(each) === every) ?? stride.value;
		},
		setWeight: (place, to) => {
			kernel.value = withWeight(shown.value, place, to, total.value);
		},
		sum,
		turned,
		padding,
		stride,
		row: state.number("row", 100),
		column: state.number("column", 100),
		layer,
		result,
		difference,
	};
}

/**
 * What is drawn in full colour, for a picture of that range: what the kernel makes of an even area of its brightest
 * grey, or, where that is more, a third of the most that it can answer, up or down.
 */
export function fullColour(kernel: readonly number[], low: number, high: number): number {
	const positive = sumOf(kernel.filter((weight) => weight > 0));
	const negative = sumOf(kernel.filter((weight) => weight < 0));
	const most = Math.max(
		Math.abs(positive * high + negative * low),
		Math.abs(positive * low + negative * high),
	);
	return Math.max(most / 3, Math.abs(positive + negative) * high, 1e-6);
}

/** The place of the patch, moved to where the layer puts its kernel. */
export function placeOn(layer: Layer, at: number, length: number): number {
	const reach = layer.padding === "none" ? (sideOf(layer.kernel) - 1) / 2 : 0;
	const last = length - 1 - reach;
	const stepped = Math.round((at - reach) / layer.stride) * layer.stride + reach;
	return Math.min(stepped, last - ((last - reach) % layer.stride), Math.max(reach, stepped));
}

/** A number in few digits. */
export function short(value: number): string {
	return String(Number(value.toPrecision(4)));
}

function largest(values: Float32Array): number {
	return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
