// What the learner set for the course, kept by the browser; and the window's title.

import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const KEY = "convivo-language";

/** In which language lessons are read, where they are written in it. */
export const language = signal(localStorage.getItem(KEY) ?? "en");

effect(() => localStorage.setItem(KEY, language.value));

/** Call the window by what it shows, once that is known. */
export function useTitle(title: string | undefined): void {
	useEffect(() => {
		if (title) document.title = `${title} – convivo`;
	}, [title]);
}
