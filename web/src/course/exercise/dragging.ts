// Dragging a laid line: it follows the pointer up and down within its place, and sideways for its indent.

import { type ReadonlySignal, type Signal, useSignal } from "@preact/signals";
import type { Puzzle } from "../told.ts";
import { type Order, put, takenOut } from "./laying.ts";

interface Dragging {
	/** The line that is held. */
	readonly dragged: ReadonlySignal<number | null>;
	readonly grab: (event: PointerEvent, line: number) => void;
}

const STEP = 4; // characters of one step of indent

export function useDragging(puzzle: Puzzle, order: Signal<Order>): Dragging {
	const dragged = useSignal<number | null>(null);
	const grab = (event: PointerEvent, line: number) => {
		event.preventDefault(); // no text is selected meanwhile
		const list = (event.currentTarget as HTMLElement).closest<HTMLElement>("[data-place]");
		if (!list) return;
		const start = { x: event.clientX, level: order.peek().find((each) => each.line === line)?.level ?? 0 };
		const width = STEP * characterWidth(list);
		dragged.value = line;
		const move = (now: PointerEvent) => {
			const others = [...list.querySelectorAll<HTMLElement>("[data-line]")]
				.filter((each) => each.dataset.line !== String(line))
				.map((each) => each.getBoundingClientRect());
			const position = others.filter((box) => (box.top + box.bottom) / 2 < now.clientY).length;
			const level = start.level + Math.round((now.clientX - start.x) / width);
			order.value = put(puzzle, order.peek(), line, position, level);
		};
		const drop = (now: PointerEvent) => {
			stop();
			if (isOver(list.parentElement?.parentElement?.querySelector("[data-pool]"), now)) {
				order.value = takenOut(order.peek(), line);
			}
		};
		const stop = () => {
			removeEventListener("pointermove", move);
			removeEventListener("pointerup", drop);
			removeEventListener("pointercancel", stop);
			dragged.value = null;
		};
		addEventListener("pointermove", move);
		addEventListener("pointerup", drop);
		addEventListener("pointercancel", stop);
	};
	return { dragged, grab };
}

function isOver(element: Element | null | undefined, at: PointerEvent): boolean {
	const box = element?.getBoundingClientRect();
	return (
		box !== undefined &&
		box.left <= at.clientX &&
		at.clientX <= box.right &&
		box.top <= at.clientY &&
		at.clientY <= box.bottom
	);
}

/** Width of a character of an element's text, in pixels; its typeface gives all the same. */
function characterWidth(element: HTMLElement): number {
	const context = document.createElement("canvas").getContext("2d");
	if (!context) return 8;
	const { fontSize, fontFamily } = getComputedStyle(element);
	context.font = `${fontSize} ${fontFamily}`;
	return context.measureText("0").width;
}
