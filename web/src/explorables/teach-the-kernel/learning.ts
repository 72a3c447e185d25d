// Gradient descent on the mean squared error of a kernel, after any number of steps at once. In each direction of the
// patches the error shrinks by the same factor with every step, so nothing has to be repeated: what is shown after a
// million steps is what a million steps give.

import type { Directions } from "./patches.ts";

export interface Lesson {
	readonly directions: Directions;
	readonly start: readonly number[];
	readonly target: readonly number[];
}

export interface Learned {
	readonly weights: readonly number[];
	/** Mean squared error on the image. */
	readonly loss: number;
	/** Largest error of a weight. */
	readonly off: number;
}

/** The factor by which a step leaves the error of a direction. The step is as long as the strongest one allows. */
function factor({ values }: Directions, i: number): number {
	return values[0]! > 0 ? 1 - values[i]! / values[0]! : 1;
}

export function learned({ directions, start, target }: Lesson, steps: number): Learned {
	const { values, vectors } = directions;
	const error = start.map((weight, i) => weight - target[i]!);
	const weights = [...target];
	let loss = 0;
	for (const [i, vector] of vectors.entries()) {
		const before = vector.reduce((sum, along, place) => sum + along * error[place]!, 0);
		const left = before * factor(directions, i) ** steps;
		loss += values[i]! * left ** 2;
		for (let place = 0; place < weights.length; place++) weights[place]! += left * vector[place]!;
	}
	return { weights, loss, off: Math.max(...weights.map((weight, i) => Math.abs(weight - target[i]!))) };
}

/** After how many steps an error in a direction is down to a hundredth; infinitely many where nothing shows. */
export function stepsToLearn(directions: Directions, i: number, isOpen: boolean): number {
	if (isOpen) return Number.POSITIVE_INFINITY;
	const left = factor(directions, i);
	return left < 0.01 ? 1 : Math.ceil(Math.log(0.01) / Math.log(left));
}
