// The image that is looked at, and those that can be chosen: practice images and files that were dropped.

import { signal } from "@preact/signals";
import type { Picture, Window } from "../picture.ts";
import { ask, asProblem, get, type Problem, request } from "./server.ts";

/** An image of the menu. */
export interface Listed {
	readonly id: string;
	readonly name: string;
	readonly is_own: boolean;
}

export const images = signal<readonly Listed[]>([]);
export const picture = signal<Picture | null>(null);
export const problem = signal<Problem | null>(null);
/** Name of a file that is on its way. */
export const coming = signal<string | null>(null);

let asked = 0;

/** Ask which images there are. */
export async function list(): Promise<void> {
	images.value = await get<Listed[]>("images");
}

/** Look at a window of an image; where that fails the picture stays and the problem is shown. */
export async function look(window: Window): Promise<void> {
	const mine = ++asked;
	try {
		const seen = await ask<Picture>("picture", window);
		if (mine !== asked) return; // another one was chosen meanwhile
		picture.value = seen;
		problem.value = null;
	} catch (error) {
		if (mine === asked) problem.value = asProblem(error);
	}
}

/** Take over a file; gives its ID, or null where it cannot be used. */
export async function drop(file: File): Promise<string | null> {
	coming.value = file.name;
	problem.value = null;
	try {
		const reply = await request(`images/${encodeURIComponent(file.name)}`, { method: "PUT", body: file });
		const kept = (await reply.json()) as Listed;
		await list();
		return kept.id;
	} catch (error) {
		problem.value = asProblem(error);
		return null;
	} finally {
		coming.value = null;
	}
}

/** Forget a dropped image. */
export async function forget(id: string): Promise<void> {
	await request(`images/${id}`, { method: "DELETE" });
	await list();
}
