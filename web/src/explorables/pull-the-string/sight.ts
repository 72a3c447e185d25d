// Which pixels the positions of a map see, along one axis: the arithmetic of `convivo.nets.receptive`, walked from the
// output down to the image (Araujo, Norris, Sim, Distill 2019). Borders are left out: maps go on forever.

import type { Layer } from "./layers.ts";

/** What the map behind a layer sees of the image. */
export interface View {
	/** Pixels between neighbouring positions. */
	readonly step: number;
	/** Most pixels that a position sees, from its first to its last. */
	readonly field: number;
}

/** Which positions of the map before a layer one of its own looks at. */
export function lookedAt(layer: Layer, position: number): number[] {
	if (layer.kind === "up") return [Math.floor(position / layer.size)];
	const before = layer.kind === "conv" ? (layer.dilation * (layer.size - 1)) / 2 : 0;
	const start = position * layer.stride - before;
	return Array.from({ length: layer.size }, (_, i) => start + i * layer.dilation);
}

/** The positions of every map that one output position depends on: first of the image, last of the output, sorted. */
export function cone(layers: readonly Layer[], position: number): number[][] {
	const rows = [[position]];
	for (const layer of layers.toReversed()) {
		const above = rows.at(-1) as number[];
		const below = new Set(above.flatMap((each) => lookedAt(layer, each)));
		rows.push([...below].sort((a, b) => a - b));
	}
	return rows.toReversed();
}

/** Step and field behind each layer. */
export function views(layers: readonly Layer[]): View[] {
	return layers.map((_, last) => {
		const upto = layers.slice(0, last + 1);
		return { step: stepOf(upto), field: fieldOf(upto) };
	});
}

/** Pixels between neighbours of the last map. */
export function stepOf(layers: readonly Layer[]): number {
	return layers.reduce((step, layer) => (layer.kind === "up" ? step / layer.size : step * layer.stride), 1);
}

/** Positions see alike again after so many, because every upsampling copies as many as its factor. */
function period(layers: readonly Layer[]): number {
	return layers.reduce((length, layer) => (layer.kind === "up" ? length * layer.size : length), 1);
}

function fieldOf(layers: readonly Layer[]): number {
	const widths = Array.from({ length: period(layers) }, (_, position) => {
		const [first, last] = span(layers, position);
		return last - first + 1;
	});
	return Math.max(...widths);
}

/** First and last pixel of the image that an output position sees. */
export function span(layers: readonly Layer[], position: number): [number, number] {
	let [first, last] = [position, position];
	for (const layer of layers.toReversed()) {
		first = lookedAt(layer, first)[0]!;
		last = lookedAt(layer, last).at(-1)!;
	}
	return [first, last];
}

/** The rule that one often reads, and that is wrong: pooling doubles the field, a convolution adds its size less one. */
export function byWrongRule(layers: readonly Layer[]): number[] {
	let field = 1;
	return layers.map((layer) => {
		if (layer.kind === "pool") field *= 2;
		if (layer.kind === "conv") field += layer.dilation * (layer.size - 1);
		return field;
	});
}

/** Whether a net that looks from the middle of a nucleus sees its border on both sides. */
export function seesBorder(
	[first, last]: readonly [number, number],
	middle: number,
	diameter: number,
): boolean {
	return first <= middle - diameter / 2 && last >= middle + diameter / 2;
}
