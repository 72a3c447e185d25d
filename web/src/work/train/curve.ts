// The arithmetic of a curve: where points lie, where ticks stand. No page is needed.

/** A point: (step, value). */
export type Point = readonly [number, number];

export interface Scale {
	readonly low: number;
	readonly high: number;
	readonly isLog: boolean;
}

/** A range that holds all values with a little room; one that is to be logarithmic holds positive values alone. */
export function scaleOf(values: readonly number[], isLog: boolean): Scale {
	const usable = values.filter((value) => Number.isFinite(value) && (!isLog || value > 0));
	if (usable.length === 0) return { low: isLog ? 0.1 : 0, high: 1, isLog };
	const least = usable.reduce((so, value) => Math.min(so, value), Number.POSITIVE_INFINITY);
	const most = usable.reduce((so, value) => Math.max(so, value), Number.NEGATIVE_INFINITY);
	if (isLog) return { low: least / 1.1, high: most * 1.1, isLog };
	const room = (most - least || Math.abs(most) || 1) * 0.08;
	return { low: least - room, high: most + room, isLog };
}

/** How far up a value lies, 0 to 1. */
export function share(value: number, { low, high, isLog }: Scale): number {
	return isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** Round values within the scale, about `wanted` of them. */
export function ticks({ low, high, isLog }: Scale, wanted = 4): number[] {
	if (isLog) {
		const marks = logTicks(low, high);
		if (marks.length >= 2) return thinned(marks, wanted + 1);
	}
	const rough = (high - low) / wanted;
	const unit = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((each) => each * unit).find((each) => each >= rough) ?? rough;
	const first = Math.ceil(low / step);
	const length = Math.floor(high / step) - first + 1;
	return Array.from({ length: Math.max(0, length) }, (_, at) =>
		Number(((first + at) * step).toPrecision(12)),
	);
}

function logTicks(low: number, high: number): number[] {
	const decades = Math.ceil(Math.log10(high / low)) + 2;
	const first = Math.floor(Math.log10(low));
	return Array.from({ length: decades }, (_, at) => [1, 2, 5].map((each) => each * 10 ** (first + at)))
		.flat()
		.map((value) => Number(value.toPrecision(3)))
		.filter((value) => value >= low && value <= high);
}

function thinned(marks: readonly number[], most: number): number[] {
	const every = Math.ceil(marks.length / most);
	return marks.filter((_, at) => at % every === 0);
}

/** At most `most` points that keep the shape: the mean of neighbours. */
export function fewer(points: readonly Point[], most: number): Point[] {
	const every = Math.ceil(points.length / most);
	if (every <= 1) return [...points];
	return Array.from({ length: Math.ceil(points.length / every) }, (_, at) => {
		const part = points.slice(at * every, (at + 1) * every);
		const mean = (axis: 0 | 1) => part.reduce((sum, point) => sum + point[axis], 0) / part.length;
		return [mean(0), mean(1)];
	});
}
