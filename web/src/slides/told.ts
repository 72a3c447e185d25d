// The talk as Python has it (`convivo.course.lesson.blocks.Slide`).

import type { Block } from "../course/told.ts";

export interface Slide {
	readonly title: string;
	readonly blocks: readonly Block[];
}

export type Talk = readonly Slide[];

/** What is shown, and what is only for the speaker. */
export function parted(slide: Slide): { shown: readonly Block[]; notes: string; minutes: number } {
	const notes = slide.blocks.filter((block) => block.kind === "notes");
	return {
		shown: slide.blocks.filter((block) => block.kind !== "notes"),
		notes: notes.map((block) => block.html).join(""),
		minutes: notes.reduce((sum, block) => sum + block.minutes, 0),
	};
}
