// Scrolls the page as little as it takes.

/** Into the window, by the shortest way. */
export function show(element: HTMLElement): void {
	const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
	element.scrollIntoView({ block: "nearest", behavior: isStill ? "auto" : "smooth" });
}
