// Images that can be chosen: practice images and files that were dropped; and windows of them that are looked at.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Picture, Window } from "../picture.ts";
import { ask, asProblem, get, type Problem, request } from "./server.ts";

/** An image of the menu. */
export interface Listed {
	readonly id: string;
	readonly name: string;
	readonly is_own: boolean;
}

export const images = signal<readonly Listed[]>([]);
/** What went wrong with a file that was dropped. */
export const problem = signal<Problem | null>(null);
/** Name of a file that is on its way. */
export const coming = signal<string | null>(null);

/** One window that is looked at. Each explorable has its own, because a lesson holds several. */
export interface Looking {
	readonly picture: ReadonlySignal<Picture | null>;
	readonly problem: ReadonlySignal<Problem | null>;
	/** Look at another window; where that fails the picture stays and the problem is said. */
	look(window: Window): Promise<void>;
}

const REMEMBERED = 8; // windows that come at once when they are looked at again
const seen = new Map<string, Picture>();

/** Begin to look. */
export function looking(): Looking {
	const picture = signal<Picture | null>(null);
	const problem = signal<Problem | null>(null);
	let asked = 0;
	const show = (shown: Picture) => {
		picture.value = shown;
		problem.value = null;
	};
	return {
		picture,
		problem,
		async look(window) {
			const mine = ++asked;
			const known = seen.get(JSON.stringify(window));
			if (known) return show(known);
			try {
				const found = await ask<Picture>("picture", window);
				remember(window, found);
				if (mine === asked) show(found); // otherwise another one was chosen meanwhile
			} catch (error) {
				if (mine === asked) problem.value = asProblem(error);
			}
		},
	};
}

function remember(window: Window, picture: Picture): void {
	seen.set(JSON.stringify(window), picture);
	const [oldest] = seen.keys();
	if (seen.size > REMEMBERED && oldest) seen.delete(oldest);
}

/** Ask which images there are. */
export async function list(): Promise<void> {
	images.value = await get<Listed[]>("images");
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
