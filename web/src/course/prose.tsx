// Text that the lab made from Markdown. HTML is switched off there, so nothing but what Markdown makes can stand in it.

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface ProseProps {
	readonly html: string;
	/** As a part of a sentence rather than as paragraphs. */
	readonly isInline?: boolean;
	readonly class?: string;
}

export function Prose({ html, isInline, class: name = "" }: ProseProps) {
	const element = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		const root = element.current as HTMLElement;
		root.innerHTML = html;
		for (const fence of root.querySelectorAll("pre > code")) void coloured(fence as HTMLElement);
		for (const wide of root.querySelectorAll("pre, table")) scrollable(wide as HTMLElement);
	}, [html]);
	return isInline ? (
		<span ref={element as RefObject<HTMLSpanElement>} class={name} />
	) : (
		<div ref={element} class={`prose ${name}`} />
	);
}

/** Code in its colours; the colours come later, because most pages need none. */
async function coloured(code: HTMLElement): Promise<void> {
	if (!code.classList.contains("language-python")) return;
	const { highlighted } = await import("./highlight.ts");
	if (code.isConnected) code.replaceChildren(highlighted(code.textContent ?? ""));
}

/** What may be wider than the window scrolls by itself, also by keys. */
function scrollable(wide: HTMLElement): void {
	const frame = document.createElement("div");
	frame.className = "prose-wide";
	frame.tabIndex = 0;
	frame.role = "group";
	frame.ariaLabel = wide.tagName === "TABLE" ? "table" : "code";
	wide.replaceWith(frame);
	frame.append(wide);
}
