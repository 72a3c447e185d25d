// Filling polygons with pixels, as `convivo.ops.stars.paint` does: a pixel belongs to the likeliest star whose outline
// contains its centre or runs through it.

const ON = 1e-12; // pixels: so near, a corner lies on a pixel

/** Corners of a polygon: rows and columns, in pixels; the middle of a pixel is a whole number. */
export interface Corners {
	readonly ys: Float64Array;
	readonly xs: Float64Array;
}

export interface Size {
	readonly height: number;
	readonly width: number;
}

/** Where the rays end that begin at a place; ray k of n points at the angle 2 pi k / n, from the right downwards. */
export function cornersOf(
	y: number,
	x: number,
	lengths: ArrayLike<number>,
	from = 0,
	rays = lengths.length,
): Corners {
	const { sines, cosines } = angles(rays);
	const ys = new Float64Array(rays);
	const xs = new Float64Array(rays);
	for (let ray = 0; ray < rays; ray++) {
		const length = lengths[from + ray] as number;
		// rounded as Python does it, so that the same pixels are inside
		ys[ray] = Math.fround(Math.fround(length * (sines[ray] as number)) + y);
		xs[ray] = Math.fround(Math.fround(length * (cosines[ray] as number)) + x);
	}
	return { ys, xs };
}

/** Give the free pixels of a polygon a number; how many there were. */
export function fill({ ys, xs }: Corners, number: number, into: Int32Array, { height, width }: Size): number {
	const first = Math.max(0, Math.ceil(least(ys) - ON));
	const last = Math.min(height - 1, Math.floor(most(ys) + ON));
	const right: number[] = [];
	const left: number[] = [];
	let count = 0;
	for (let row = first; row <= last; row++) {
		right.length = 0;
		left.length = 0;
		const start = row * width;
		for (let ray = 0, before = ys.length - 1; ray < ys.length; before = ray++) {
			const y0 = (ys[ray] as number) - row;
			const y1 = (ys[before] as number) - row;
			const x0 = xs[ray] as number;
			const x1 = xs[before] as number;
			const column = Math.round(x0);
			if (Math.abs(y0) < ON && Math.abs(x0 - column) < ON)
				count += stretch(into, start, width, column, column, number);
			if (y0 > 0 !== y1 > 0) right.push((x0 * y1 - x1 * y0) / (y1 - y0));
			if (y0 < 0 !== y1 < 0) left.push((x0 * y1 - x1 * y0) / (y1 - y0));
		}
		right.sort(byValue);
		left.sort(byValue);
		// an edge that runs along the row is met from one side only, so each side leaves one end open
		for (let pair = 0; pair + 1 < right.length; pair += 2) {
			const end = right[pair + 1] as number;
			const stop = Number.isInteger(end) ? end - 1 : Math.floor(end);
			count += stretch(into, start, width, Math.ceil(right[pair] as number), stop, number);
		}
		for (let pair = 0; pair + 1 < left.length; pair += 2) {
			const begin = left[pair] as number;
			const from = Number.isInteger(begin) ? begin + 1 : Math.ceil(begin);
			count += stretch(into, start, width, from, Math.floor(left[pair + 1] as number), number);
		}
	}
	return count;
}

/** Labels of polygons in order: what is painted stays. Objects that show too few pixels are wiped off again. */
export function paint(
	polygons: readonly Corners[],
	size: Size,
	smallest: number,
	smallestCut: number,
): { readonly labels: Int32Array; readonly kept: boolean[] } {
	const labels = new Int32Array(size.height * size.width);
	const areas = polygons.map((polygon, i) => fill(polygon, i + 1, labels, size));
	const cut = onEdge(labels, size);
	const kept = areas.map((area, i) => area >= (cut.has(i + 1) ? Math.max(smallest, smallestCut) : smallest));
	if (kept.every(Boolean)) return { labels, kept };
	let count = 0;
	const number = Int32Array.from([0, ...kept.map((stays) => (stays ? ++count : 0))]);
	for (let i = 0; i < labels.length; i++) labels[i] = number[labels[i] as number] as number;
	return { labels, kept };
}

function onEdge(labels: Int32Array, { height, width }: Size): Set<number> {
	const found = new Set<number>();
	for (let x = 0; x < width; x++)
		found.add(labels[x] as number).add(labels[(height - 1) * width + x] as number);
	for (let y = 0; y < height; y++)
		found.add(labels[y * width] as number).add(labels[(y + 1) * width - 1] as number);
	return found;
}

function stretch(
	into: Int32Array,
	start: number,
	width: number,
	from: number,
	to: number,
	number: number,
): number {
	let count = 0;
	for (let column = Math.max(0, from); column <= Math.min(width - 1, to); column++) {
		if (into[start + column] !== 0) continue;
		into[start + column] = number;
		count++;
	}
	return count;
}

const known = new Map<number, { readonly sines: Float64Array; readonly cosines: Float64Array }>();

function angles(rays: number): { readonly sines: Float64Array; readonly cosines: Float64Array } {
	const found = known.get(rays);
	if (found) return found;
	const step = (2 * Math.PI) / rays;
	const made = {
		sines: Float64Array.from({ length: rays }, (_, ray) => Math.sin(ray * step)),
		cosines: Float64Array.from({ length: rays }, (_, ray) => Math.cos(ray * step)),
	};
	known.set(rays, made);
	return made;
}

function byValue(a: number, b: number): number {
	return a - b;
}

function least(values: Float64Array): number {
	return values.reduce((lowest, value) => Math.min(lowest, value), Number.POSITIVE_INFINITY);
}

function most(values: Float64Array): number {
	return values.reduce((highest, value) => Math.max(highest, value), Number.NEGATIVE_INFINITY);
}
