// Counts how often a result was drawn, on the element that holds it: whoever measures how fast the page follows a hand
// waits for the next number.

import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** Counts up after each drawing of `result`. */
export function useDrawn(element: RefObject<HTMLElement | null>, result: unknown): void {
	useLayoutEffect(() => {
		const root = element.current;
		if (root) root.dataset.drawn = String(Number(root.dataset.drawn ?? 0) + 1);
	}, [element, result]);
}
