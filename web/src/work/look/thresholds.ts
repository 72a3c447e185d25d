// The settings of a decoder that a hand may move, in plain words.

import type { Method } from "../lab.ts";

export interface Threshold {
	readonly name: string;
	readonly label: string;
	readonly about: string;
	readonly min: number;
	readonly max: number;
	readonly step: number;
}

const SMALLEST: Threshold = {
	name: "smallest",
	label: "smallest object (pixels)",
	about: "What is smaller is taken for dirt.",
	min: 1,
	max: 300,
	step: 1,
};

const OF: Partial<Record<Method, readonly Threshold[]>> = {
	stardist: [
		{
			name: "prob",
			label: "how likely a star has to be",
			about: "Higher: fewer inventions. Lower: fewer faint ones are missed.",
			min: 0.05,
			max: 0.95,
			step: 0.01,
		},
		{
			name: "nms",
			label: "how far stars may overlap",
			about: "Higher where objects that lie over each other lose one of the two.",
			min: 0,
			max: 0.9,
			step: 0.01,
		},
		SMALLEST,
	],
	unet: [
		{
			name: "foreground",
			label: "how likely a pixel of an object has to be",
			about: "Higher: smaller objects, and fewer inventions.",
			min: 0.05,
			max: 0.95,
			step: 0.01,
		},
		{
			name: "seed",
			label: "how likely its inside has to be",
			about: "Higher: objects that touch part more readily, and faint ones are lost.",
			min: 0.05,
			max: 0.95,
			step: 0.01,
		},
		SMALLEST,
	],
};

/** Those that the model has, by the settings that it used. */
export function thresholdsOf(settings: Readonly<Record<string, unknown>>): readonly Threshold[] {
	const method = "prob" in settings ? "stardist" : "unet";
	return OF[method]?.filter(({ name }) => typeof settings[name] === "number") ?? [];
}
