// Objects against the truth: right where an object and a true nucleus have an IoU of at least one half.

const ENOUGH = 0.5;

/** How many are right, wrong and missed, and which. */
export interface Counts {
	readonly found: number;
	readonly right: number;
	readonly wrong: number;
	readonly missed: number;
	/** Of each object, from number 1 on, whether it is right. */
	readonly isRight: readonly boolean[];
	/** Numbers of the true nuclei that nobody found. */
	readonly missedOnes: readonly number[];
}

/** Two label pictures of one size. Their objects do not overlap, so above one half each has one partner at most. */
export function countObjects(truth: Int32Array, labels: Int32Array): Counts {
	const rows = highest(truth) + 1;
	const columns = highest(labels) + 1;
	const common = new Int32Array(rows * columns);
	for (let i = 0; i < truth.length; i++) {
		common[Math.max(0, truth[i] as number) * columns + (labels[i] as number)]! += 1;
	}
	const truthAreas = new Int32Array(rows);
	const areas = new Int32Array(columns);
	for (let row = 0; row < rows; row++) {
		for (let column = 0; column < columns; column++) {
			const count = common[row * columns + column] as number;
			truthAreas[row]! += count;
			areas[column]! += count;
		}
	}
	const couples: Couple[] = [];
	for (let row = 1; row < rows; row++) {
		for (let column = 1; column < columns; column++) {
			const both = common[row * columns + column] as number;
			const iou = both / ((truthAreas[row] as number) + (areas[column] as number) - both);
			if (iou >= ENOUGH) couples.push({ truth: row, object: column, iou });
		}
	}
	couples.sort((a, b) => b.iou - a.iou);
	return counted(couples, present(truthAreas), columns - 1);
}

interface Couple {
	readonly truth: number;
	readonly object: number;
	readonly iou: number;
}

/** Counts from couples that fit, the first to be served first; of the objects 1 to `found`. */
export function counted(couples: readonly Couple[], truths: readonly number[], found: number): Counts {
	const isRight = new Array<boolean>(found).fill(false);
	const open = new Set(truths);
	for (const { truth, object } of couples) {
		if (isRight[object - 1] || !open.has(truth)) continue;
		isRight[object - 1] = true;
		open.delete(truth);
	}
	const right = isRight.filter(Boolean).length;
	return { found, right, wrong: found - right, missed: open.size, isRight, missedOnes: [...open] };
}

function present(areas: Int32Array): number[] {
	return [...areas.keys()].filter((number) => number > 0 && (areas[number] as number) > 0);
}

function highest(labels: Int32Array): number {
	let most = 0;
	for (let i = 0; i < labels.length; i++) if ((labels[i] as number) > most) most = labels[i] as number;
	return most;
}
