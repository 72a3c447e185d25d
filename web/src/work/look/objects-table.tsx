// The table of objects. Only the rows that are seen are there, so that thousands follow the hand.

import { type Signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { COLUMNS, type Column, cell, type Objects, type Order, sorted } from "./objects.ts";
import { show } from "./show.ts";

const ROW = 32; // pixels: the height of a row, as in look.css
const BEYOND = 6; // rows above and below what is seen

interface ObjectsTableProps {
	readonly objects: Objects;
	/** Label of the marked object; 0 for none. */
	readonly marked: Signal<number>;
}

export function ObjectsTable({ objects, marked }: ObjectsTableProps) {
	const box = useRef<HTMLDivElement>(null);
	const scroll = useSignal(0);
	const order = useSignal<Order>({ by: "label", isDown: false });
	const rows = useMemo(() => sorted(objects, order.value), [objects, order.value]);
	const labels = objects.label.data;
	const here = rows.findIndex((row) => labels[row] === marked.value);
	useLayoutEffect(() => {
		const element = box.current;
		if (!element || here < 0) return;
		const [top, room] = [here * ROW, element.clientHeight - 2 * ROW];
		if (top < element.scrollTop) element.scrollTop = top;
		else if (top > element.scrollTop + room) element.scrollTop = top - room;
		if (!element.contains(document.activeElement)) show(element); // it was marked in the picture
	}, [here]);
	const first = Math.max(0, Math.floor(scroll.value / ROW) - BEYOND);
	const shown = rows.slice(first, first + Math.ceil((box.current?.clientHeight ?? 400) / ROW) + 2 * BEYOND);
	const mark = (to: number) => {
		const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
		if (row !== undefined) marked.value = labels[row] as number;
	};
	const keys: Record<string, () => void> = {
		ArrowDown: () => mark(here + 1),
		ArrowUp: () => mark(here < 0 ? 0 : here - 1),
		PageDown: () => mark(here + 10),
		PageUp: () => mark(here - 10),
		Home: () => mark(0),
		End: () => mark(rows.length - 1),
		Escape: () => {
			marked.value = 0;
		},
	};
	return (
		<div
			ref={box}
			class="look-table"
			onScroll={(event) => {
				scroll.value = event.currentTarget.scrollTop;
			}}
		>
			<table
				// biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table whose rows are chosen
				role="grid"
				aria-label="Objects: arrow keys mark one after the other"
				aria-rowcount={rows.length + 1}
				aria-activedescendant={here >= 0 ? rowId(marked.value) : undefined}
				tabIndex={0}
				onKeyDown={(event) => {
					const act = event.target === event.currentTarget ? keys[event.key] : undefined;
					if (!act) return;
					event.preventDefault();
					act();
				}}
			>
				<thead>
					<tr aria-rowindex={1}>
						{COLUMNS.map(([column, called]) => (
							<Head key={column} column={column} called={called} order={order} />
						))}
					</tr>
				</thead>
				<tbody>
					<Gap rows={first} />
					{shown.map((row, at) => {
						const label = labels[row] as number;
						return (
							<tr
								key={label}
								id={rowId(label)}
								data-label={label}
								aria-rowindex={first + at + 2}
								aria-selected={label === marked.value}
								onClick={() => {
									marked.value = label === marked.value ? 0 : label;
								}}
							>
								{COLUMNS.map(([column, , digits]) => (
									<td key={column}>{cell(objects, column, row, digits)}</td>
								))}
							</tr>
						);
					})}
					<Gap rows={rows.length - first - shown.length} />
				</tbody>
			</table>
		</div>
	);
}

const rowId = (label: number) => `object-${label}`;

/** Stands for rows that are not there. */
function Gap({ rows }: { readonly rows: number }) {
	if (rows <= 0) return null;
	return (
		// biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus; the grid does
		<tr aria-hidden="true">
			<td colSpan={COLUMNS.length} style={{ height: `${rows * ROW}px`, padding: 0 }} />
		</tr>
	);
}

function Head({
	column,
	called,
	order,
}: {
	readonly column: Column;
	readonly called: string;
	readonly order: Signal<Order>;
}) {
	const { by, isDown } = order.value;
	const isHere = by === column;
	return (
		<th aria-sort={isHere ? (isDown ? "descending" : "ascending") : "none"}>
			<button
				type="button"
				onClick={() => {
					order.value = { by: column, isDown: isHere ? !isDown : column !== "label" };
				}}
			>
				{called}
				<span aria-hidden="true">{isHere ? (isDown ? " ↓" : " ↑") : "  "}</span>
			</button>
		</th>
	);
}
