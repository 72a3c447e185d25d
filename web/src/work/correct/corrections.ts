// Corrected label images on their way back: sent one after the other, each with what became of it.

import { signal } from "@preact/signals";
import { asProblem, get, type Problem, request } from "../../page/server.ts";
import type { Place } from "../lab.ts";

/** What a prediction has got back; the fields are those of convivo.lab.corrected. */
export interface Corrections {
	/** The folder that the corrections become. */
	readonly data: Place;
	readonly images: readonly string[];
	/** Images of which a corrected label image is there. */
	readonly taken: readonly string[];
}

interface TakenBack {
	readonly image: string;
	readonly objects: number;
	/** Share of the pixels that nobody looked at. */
	readonly unknown: number;
	/** 65535 is the highest number, and was taken for an object's. */
	readonly marked: boolean;
}

/** A file that was dropped, and what became of it. */
export interface Sent {
	readonly file: string;
	readonly taken: TakenBack | null;
	readonly problem: Problem | null;
}

/** The prediction that is corrected; empty where none is chosen. */
export const prediction = signal("");
export const corrections = signal<Corrections | null>(null);
export const sent = signal<readonly Sent[]>([]);
/** Name of a file that is on its way. */
export const coming = signal("");
export const marksUnknown = signal(true);
export const refused = signal<Problem | null>(null);

/** Correct another prediction. */
export function choose(job: string): void {
	if (prediction.peek() === job) return;
	prediction.value = job;
	corrections.value = null;
	sent.value = [];
	refused.value = null;
}

/** Ask what the chosen prediction has got back. */
export async function list(): Promise<void> {
	const job = prediction.peek();
	if (!job) return;
	try {
		const found = await get<Corrections>(`jobs/${job}/corrections`);
		if (prediction.peek() === job) corrections.value = found;
	} catch (error) {
		if (prediction.peek() === job) refused.value = asProblem(error);
	}
}

/** Send files one after the other; a file that is refused does not stop those behind it. */
export async function sendAll(files: readonly File[]): Promise<void> {
	const job = prediction.peek();
	if (!job || coming.peek()) return;
	for (const file of files) {
		coming.value = file.name;
		const one = await send(job, file);
		if (prediction.peek() === job)
			sent.value = [...sent.peek().filter((each) => each.file !== one.file), one];
	}
	coming.value = "";
	await list();
}

async function send(job: string, file: File): Promise<Sent> {
	const path = `jobs/${job}/corrections/${encodeURIComponent(file.name)}`;
	try {
		const reply = await request(`${path}?unknown=${marksUnknown.peek() ? 1 : 0}`, {
			method: "PUT",
			body: file,
		});
		return { file: file.name, taken: (await reply.json()) as TakenBack, problem: null };
	} catch (error) {
		return { file: file.name, taken: null, problem: asProblem(error) };
	}
}
