// The rung "order the lines": lines are laid, moved and indented by buttons, by keys or by dragging.

import { type Signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Puzzle } from "../told.ts";
import { useDragging } from "./dragging.ts";
import { type Laid, loose, type Order, put, suggestedLevel, takenOut, within } from "./laying.ts";

interface ParsonsProps {
	readonly puzzle: Puzzle;
	readonly order: Signal<Order>;
}

export function Parsons({ puzzle, order }: ParsonsProps) {
	const root = useRef<HTMLDivElement>(null);
	const held = useSignal<number | null>(null); // the line that has the focus, wherever it is moved
	const told = useSignal("");
	const drag = useDragging(puzzle, order);
	useLayoutEffect(() => {
		if (held.value === null) return;
		const button = root.current?.querySelector<HTMLElement>(`[data-line="${held.value}"]`);
		if (button && document.activeElement !== button) button.focus();
	}, [order.value, held.value, held]);
	const set = (next: Order, line: number) => {
		held.value = line;
		order.value = next;
		told.value = place(puzzle, next, line);
	};
	return (
		<div class="parsons" ref={root}>
			<p class="small soft">
				Choose a line to lay it below the others. A laid line is moved by its buttons, by the arrow keys (left
				and right indent it, Delete takes it out), or by dragging its grip. Not every line is needed.
			</p>
			{puzzle.places.map((each, number) => (
				<section
					key={number}
					class="parsons-place"
					aria-label={`part ${number + 1} of ${puzzle.places.length}`}
				>
					<Loose
						puzzle={puzzle}
						order={order.value}
						place={number}
						lay={(line) => set(laidLast(line), line)}
					/>
					<div class="parsons-program">
						{each.before && <pre class="parsons-around">{each.before}</pre>}
						<ol data-place={number} class="parsons-laid" style={{ marginLeft: `${each.indent}ch` }}>
							{within(puzzle, order.value, number).map((laid, position, all) => (
								<LaidLine
									key={laid.line}
									puzzle={puzzle}
									laid={laid}
									position={position}
									count={all.length}
									isDragged={drag.dragged.value === laid.line}
									set={set}
									order={order}
									grab={drag.grab}
									leave={() => {
										if (held.peek() === laid.line) held.value = null;
									}}
								/>
							))}
							{within(puzzle, order.value, number).length === 0 && (
								<li class="parsons-empty">Lines that you choose are laid here.</li>
							)}
						</ol>
						{each.after && <pre class="parsons-around">{each.after}</pre>}
					</div>
				</section>
			))}
			<p class="for-readers" role="status">
				{told.value}
			</p>
		</div>
	);

	function laidLast(line: number): Order {
		const same = within(puzzle, order.peek(), puzzle.lines[line]?.place ?? 0);
		return put(puzzle, order.peek(), line, same.length, suggestedLevel(puzzle, same.at(-1)));
	}
}

interface LooseProps {
	readonly puzzle: Puzzle;
	readonly order: Order;
	readonly place: number;
	readonly lay: (line: number) => void;
}

function Loose({ puzzle, order, place, lay }: LooseProps) {
	const lines = loose(puzzle, order, place);
	return (
		<div class="parsons-loose" data-pool={place}>
			<h3>Lines</h3>
			<ul>
				{lines.map((line) => (
					<li key={line}>
						<button type="button" class="parsons-line" data-loose={line} onClick={() => lay(line)}>
							<code>{puzzle.lines[line]?.text}</code>
						</button>
					</li>
				))}
			</ul>
			{lines.length === 0 && <p class="small soft">All lines are laid.</p>}
		</div>
	);
}

interface LaidLineProps {
	readonly puzzle: Puzzle;
	readonly laid: Laid;
	readonly position: number;
	readonly count: number;
	readonly isDragged: boolean;
	readonly order: Signal<Order>;
	readonly set: (order: Order, line: number) => void;
	readonly grab: (event: PointerEvent, line: number) => void;
	readonly leave: () => void;
}

function LaidLine(props: LaidLineProps) {
	const { puzzle, laid, position, count, isDragged, order, set, grab, leave } = props;
	const { line, level } = laid;
	const text = puzzle.lines[line]?.text ?? "";
	const move = (to: number, deep: number) => set(put(puzzle, order.peek(), line, to, deep), line);
	const remove = () => {
		leave();
		order.value = takenOut(order.peek(), line);
	};
	const steps: Record<string, () => void> = {
		ArrowUp: () => move(position - 1, level),
		ArrowDown: () => move(position + 1, level),
		ArrowLeft: () => move(position, level - 1),
		ArrowRight: () => move(position, level + 1),
		Delete: remove,
		Backspace: remove,
	};
	return (
		<li
			class={isDragged ? "parsons-laid-line is-dragged" : "parsons-laid-line"}
			style={{ marginLeft: `${level * 4}ch` }}
		>
			<span class="parsons-grip" aria-hidden="true" onPointerDown={(event) => grab(event, line)}>
				⠿
			</span>
			<button
				type="button"
				class="parsons-line"
				data-line={line}
				aria-label={`line ${position + 1} of ${count}, indented ${level}: ${text}`}
				onBlur={leave}
				onKeyDown={(event) => {
					const step = steps[event.key];
					if (!step) return;
					event.preventDefault();
					step();
				}}
			>
				<code>{text}</code>
			</button>
			<span class="parsons-tools">
				<Tool
					label={`move up: ${text}`}
					sign="↑"
					isOff={position === 0}
					press={() => move(position - 1, level)}
				/>
				<Tool
					label={`move down: ${text}`}
					sign="↓"
					isOff={position === count - 1}
					press={() => move(position + 1, level)}
				/>
				<Tool
					label={`indent less: ${text}`}
					sign="⇤"
					isOff={level === 0}
					press={() => move(position, level - 1)}
				/>
				<Tool label={`indent more: ${text}`} sign="⇥" isOff={false} press={() => move(position, level + 1)} />
				<Tool label={`take out: ${text}`} sign="×" isOff={false} press={remove} />
			</span>
		</li>
	);
}

interface ToolProps {
	readonly label: string;
	readonly sign: string;
	readonly isOff: boolean;
	readonly press: () => void;
}

function Tool({ label, sign, isOff, press }: ToolProps) {
	return (
		<button
			type="button"
			class="parsons-tool"
			aria-label={label}
			aria-disabled={isOff}
			onClick={() => !isOff && press()}
		>
			{sign}
		</button>
	);
}

function place(puzzle: Puzzle, order: Order, line: number): string {
	const same = within(puzzle, order, puzzle.lines[line]?.place ?? 0);
	const at = same.findIndex((each) => each.line === line);
	return `line ${at + 1} of ${same.length}, indented ${same[at]?.level ?? 0}`;
}
