// What Python says of the detective's cases (`convivo.lab.questions.detective`), and guesses as the address holds them.

import type { Tensor } from "../../tensor.ts";

export interface Listed {
	readonly key: string;
	readonly title: string;
	readonly story: string;
}

export interface Cause {
	readonly key: string;
	readonly name: string;
	readonly sentence: string;
}

export interface Listing {
	readonly cases: readonly Listed[];
	readonly causes: readonly Cause[];
}

export interface Picture {
	readonly name: string;
	/** (Y, X) */
	readonly pixels: Tensor;
	readonly shown: readonly [number, number];
	readonly sentence: string;
	readonly found: Tensor | null;
	readonly truth: Tensor | null;
	readonly squares: readonly { readonly y: number; readonly x: number; readonly side: number }[];
}

export interface Measured {
	readonly key: string;
	readonly name: string;
	readonly value: number;
	readonly unit: string;
	readonly low: number | null;
	readonly high: number | null;
}

export interface Evidence {
	readonly image: Picture;
	readonly answer: {
		readonly picture: Picture;
		readonly numbers: readonly Measured[];
		readonly sentence: string;
	};
}

export interface Curve {
	readonly name: string;
	readonly x_name: string;
	readonly y_name: string;
	readonly lines: readonly {
		readonly name: string;
		readonly x: readonly number[];
		readonly y: readonly number[];
	}[];
}

export interface Proof {
	readonly pictures: readonly Picture[];
	readonly numbers: readonly Measured[];
	readonly sentences: readonly string[];
	readonly conclusion: string;
	readonly curves: readonly Curve[];
}

export interface Verdict {
	readonly key: string;
	readonly guess: string;
	readonly is_right: boolean;
	readonly cause: string;
}

/** Causes that were chosen, by their cases. */
export type Guesses = ReadonlyMap<string, string>;

/** From "membranes:field,stripes:overfit"; what is not of this form is passed over. */
export function readGuesses(text: string): Guesses {
	const pairs = text.split(",").map((pair) => pair.split(":"));
	return new Map(pairs.filter((pair): pair is [string, string] => pair.length === 2 && pair.every(Boolean)));
}

export function writeGuesses(guesses: Guesses): string {
	return [...guesses].map((pair) => pair.join(":")).join(",");
}

/** A number as it is read: what has limits with two decimals, counts whole, the rest with three digits. */
export function said({ value, unit, low, high }: Measured): string {
	const isBounded = low !== null && high !== null;
	const number = isBounded ? value.toFixed(2) : short(value);
	return unit ? `${withMinus(number)} ${unit}` : withMinus(number);
}

/** Three digits, and no more places than that. */
export function short(value: number): string {
	return withMinus(Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3))));
}

/** A text in parts: each second one stood between backticks, and is something to type. */
export function inParts(text: string): readonly string[] {
	return text.split("`");
}

function withMinus(number: string): string {
	return Number(number) === 0 ? number.replace("-", "") : number.replace("-", "−");
}
