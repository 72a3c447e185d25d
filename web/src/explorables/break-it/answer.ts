// What Python says of a broken image (`convivo.lab.questions.break_it`).

import type { Tensor } from "../../tensor.ts";

export type Level = "fine" | "note" | "warn" | "stop";

export interface Told {
	readonly id: string;
	readonly question: string;
	readonly level: Level;
	readonly evidence: string;
	/** Words, what can be typed, and words again; each may be empty. */
	readonly advice: string;
	readonly command: string;
	readonly after: string;
	readonly doubt: number;
}

export interface Strip {
	readonly name: string;
	readonly title: string;
	readonly explained: string;
	readonly value: string;
	readonly usual: string;
	/** Shares of the strip: the band of the known images, and this image. */
	readonly low: number;
	readonly high: number;
	readonly at: number | null;
	readonly where: "inside" | "below" | "above" | "unmeasured";
	readonly ends: readonly [string, string];
}

export interface Broken {
	/** (Y, X), after harm and first aid. */
	readonly pixels: Tensor;
	readonly low: number;
	readonly high: number;
	/** (Y, X), what the net finds, and what is there where that is known. */
	readonly labels: Tensor;
	readonly truth: Tensor | null;
	readonly found: number;
	readonly there: number | null;
	/** Labels that are right, and the nuclei that they hit. */
	readonly right: readonly number[];
	readonly hit: readonly number[];
	readonly accuracy: number | null;
	readonly sure: number | null;
	readonly expected: number | null;
	readonly best: number | null;
	readonly findings: readonly Told[];
	readonly strips: readonly Strip[];
}

export interface Promised {
	readonly name: AidName;
	readonly scale: number;
	readonly expected: number;
	readonly helps: boolean;
}

export interface Promises {
	readonly now: number;
	readonly aids: readonly Promised[];
}

export type AidName = "scale" | "invert" | "background" | "brightest";
