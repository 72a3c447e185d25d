// Files that are to be predicted and lie in no chosen folder: the lab keeps them until they are forgotten.

import { signal } from "@preact/signals";
import { drop } from "../../page/pictures.ts";

/** IDs of dropped images that are chosen. */
export const chosenDrops = signal<readonly string[]>([]);

/** Take files over one after the other, and choose them. */
export async function takeAll(files: readonly File[]): Promise<void> {
	for (const file of files) {
		const id = await drop(file);
		if (!id) return; // what is wrong with it is said; the others wait for the person
		if (!chosenDrops.peek().includes(id)) chosenDrops.value = [...chosenDrops.peek(), id];
	}
}
