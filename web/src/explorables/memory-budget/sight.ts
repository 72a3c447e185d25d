// How far one pixel of the net's answer sees, by walking back through its layers with the first and the last pixel.

import { STRIDE } from "./net.ts";

type Span = readonly [number, number];

/** Pixels that an answer sees to either side, at most: what a tile's halo must hold. */
export function reach(): number {
	const places = Array.from({ length: STRIDE }, (_, place) => place);
	return Math.max(...places.map((place) => far(place, seen(place))));
}

function far(place: number, [first, last]: Span): number {
	return Math.max(place - first, last - place);
}

function seen(place: number): Span {
	const fine = block([place, place]);
	const middle = block(upsampling(fine));
	const deep = block(upsampling(middle));
	const skip1 = both(middle, pooling(deep));
	const skip0 = both(fine, pooling(block(skip1)));
	return block(skip0);
}

/** Two convolutions of 3 x 3. */
function block([first, last]: Span): Span {
	return [first - 2, last + 2];
}

function pooling([first, last]: Span): Span {
	return [2 * first, 2 * last + 1];
}

function upsampling([first, last]: Span): Span {
	return [Math.floor(first / 2), Math.floor(last / 2)];
}

function both(one: Span, other: Span): Span {
	return [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
}

/** The next multiple of the stride: windows begin at multiples, so that poolings group the same pixels. */
export function roundedUp(halo: number): number {
	return Math.ceil(halo / STRIDE) * STRIDE;
}
