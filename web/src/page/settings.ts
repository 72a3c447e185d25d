// What the person set for the page itself; kept by the browser, because it is no part of a view that one sends.

import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";

const THEMES: readonly Theme[] = ["auto", "light", "dark"];

/** The theme that follows the one that is set. */
export function nextTheme(): void {
	theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] as Theme;
}

/** Whether results stay hidden until the learner has committed to a prediction. */
export const predictFirst = kept("convivo-predict-first", false);
export const theme = kept<Theme>("convivo-theme", "auto");

/** Whether the window is wide enough for the navigation to stand beside the screen; as in shell.css. */
export const isWide = followed("(min-width: 60rem)");

effect(() => {
	document.documentElement.dataset.theme = theme.value;
});

function kept<Value>(name: string, initial: Value): Signal<Value> {
	const text = localStorage.getItem(name);
	const made = signal<Value>(text === null ? initial : (JSON.parse(text) as Value));
	effect(() => localStorage.setItem(name, JSON.stringify(made.value)));
	return made;
}

function followed(query: string): ReadonlySignal<boolean> {
	const asked = matchMedia(query);
	const made = signal(asked.matches);
	asked.addEventListener("change", () => {
		made.value = asked.matches;
	});
	return made;
}
