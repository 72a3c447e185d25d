// What the windows of one talk share: which slide is shown, and when the talk began. The browser's storage carries it;
// a change is told to the other windows alone.

import { signal } from "@preact/signals";

const SLIDE = "convivo-talk-slide";
const BEGAN = "convivo-talk-began";

/** When the talk began, in milliseconds; nothing before its second slide is shown. */
export const began = signal<number | null>(readBegan());

addEventListener("storage", (event) => {
	if (event.key === BEGAN) began.value = readBegan();
});

/** Start the clock, or set it back. */
export function setBegan(at: number | null): void {
	began.value = at;
	localStorage.setItem(BEGAN, at === null ? "" : String(at));
}

/** Tell the other windows which slide is shown here. */
export function tellSlide(number: number): void {
	localStorage.setItem(SLIDE, String(number));
}

/** Hear which slide another window shows; gives what ends it. */
export function hearSlide(listener: (number: number) => void): () => void {
	const heard = (event: StorageEvent) => {
		if (event.key === SLIDE && event.newValue !== null) listener(Number(event.newValue));
	};
	addEventListener("storage", heard);
	return () => removeEventListener("storage", heard);
}

function readBegan(): number | null {
	const text = localStorage.getItem(BEGAN);
	return text ? Number(text) : null;
}
