// What is kept of the learner: asked for once, kept by the lab, and known here meanwhile.

import { type ReadonlySignal, signal } from "@preact/signals";
import { asProblem, get, type Problem, request, send } from "../page/server.ts";
import type { Answered, Everything, Rung } from "./told.ts";

const NOTHING: Everything = { answers: [], drafts: [], checks: [], rungs: [], lessons: [] };

const kept = signal<Everything | null>(null);
const failed = signal<Problem | null>(null);

/** All that is kept; null until it is known. */
export const progress: ReadonlySignal<Everything | null> = kept;
/** Why the last thing could not be kept. */
export const notKept: ReadonlySignal<Problem | null> = failed;

/** Ask what is kept. */
export async function refresh(): Promise<void> {
	kept.value = await get<Everything>("course/progress");
}

/** How a page of an exercise is called among the answers. */
export function pageOf(exercise: string): string {
	return `exercise/${exercise}`;
}

/** The answer that was given, if any. */
export function answerOf(page: string, question: string): Answered | undefined {
	return kept.value?.answers.find((each) => each.page === page && each.question === question);
}

export function answer(given: Answered): void {
	const now = kept.peek() ?? NOTHING;
	const others = now.answers.filter((each) => each.page !== given.page || each.question !== given.question);
	kept.value = { ...now, answers: [...others, given] };
	void note({ answer: given });
}

export function read(lesson: string): void {
	const now = kept.peek() ?? NOTHING;
	kept.value = { ...now, lessons: [...now.lessons.filter((each) => each.lesson !== lesson), { lesson }] };
	void note({ read: { lesson } });
}

/** What was last written on a rung. */
export function draftOf(exercise: string, rung: Rung): string | undefined {
	return kept.peek()?.drafts.find((each) => each.exercise === exercise && each.rung === rung)?.source;
}

export async function keepDraft(exercise: string, rung: Rung, source: string): Promise<void> {
	setDraft(exercise, rung, source);
	await note({ draft: { exercise, rung, source } });
}

export async function forgetDraft(exercise: string, rung: Rung): Promise<void> {
	setDraft(exercise, rung, null);
	await tried(() => request(`course/progress/drafts/${exercise}/${rung}`, { method: "DELETE" }));
}

export async function forgetAll(): Promise<void> {
	await send("DELETE", "course/progress");
	kept.value = NOTHING;
}

function setDraft(exercise: string, rung: Rung, source: string | null): void {
	const now = kept.peek() ?? NOTHING;
	const others = now.drafts.filter((each) => each.exercise !== exercise || each.rung !== rung);
	kept.value = { ...now, drafts: source === null ? others : [...others, { exercise, rung, source }] };
}

function note(noted: object): Promise<void> {
	const body = JSON.stringify(noted);
	// sent also while the page is left, as far as browsers allow that
	return tried(() => request("course/progress", { method: "POST", body, keepalive: body.length < 60_000 }));
}

async function tried(doing: () => Promise<unknown>): Promise<void> {
	try {
		await doing();
		failed.value = null;
	} catch (error) {
		failed.value = asProblem(error);
	}
}
