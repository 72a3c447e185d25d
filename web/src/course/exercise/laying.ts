// Parsons' problem as arithmetic: which lines are laid, in which order, and how far each is indented.

import type { Puzzle } from "../told.ts";

export interface Laid {
	/** Number of the line in the puzzle. */
	readonly line: number;
	/** Steps of indent. */
	readonly level: number;
}

/** Laid lines, from top to bottom; each place of the puzzle has those of its lines. */
export type Order = readonly Laid[];

export const DEEPEST = 8;

/** The laid lines of one place. */
export function within(puzzle: Puzzle, order: Order, place: number): Order {
	return order.filter((each) => puzzle.lines[each.line]?.place === place);
}

/** The lines of one place that are not laid. */
export function loose(puzzle: Puzzle, order: Order, place: number): readonly number[] {
	return puzzle.lines.flatMap((line, number) =>
		line.place === place && !order.some((each) => each.line === number) ? [number] : [],
	);
}

/** The order with a line at a position (from 0) of its place, at a level. */
export function put(puzzle: Puzzle, order: Order, line: number, position: number, level: number): Order {
	const place = puzzle.lines[line]?.place ?? 0;
	const without = order.filter((each) => each.line !== line);
	const same = within(puzzle, without, place);
	const at = Math.min(Math.max(position, 0), same.length);
	const laid = { line, level: Math.min(Math.max(level, 0), DEEPEST) };
	const rest = without.filter((each) => puzzle.lines[each.line]?.place !== place);
	return [...rest, ...same.slice(0, at), laid, ...same.slice(at)];
}

/** The order without a line. */
export function takenOut(order: Order, line: number): Order {
	return order.filter((each) => each.line !== line);
}

/** How far a line that is laid last is indented: as the one above it, and one step more behind a colon. */
export function suggestedLevel(puzzle: Puzzle, above: Laid | undefined): number {
	if (!above) return 0;
	const text = puzzle.lines[above.line]?.text.trimEnd() ?? "";
	return text.endsWith(":") ? above.level + 1 : above.level;
}

/** The order as it is kept. */
export function written(order: Order): string {
	return JSON.stringify(order.map(({ line, level }) => [line, level]));
}

/** An order that was kept; what no longer fits the puzzle is left out. */
export function readOrder(puzzle: Puzzle, text: string | undefined): Order {
	const rows: unknown = text ? JSON.parse(text) : [];
	if (!Array.isArray(rows)) return [];
	return rows
		.filter((row): row is [number, number] => Array.isArray(row) && row.every(Number.isInteger))
		.reduce<Order>(
			(order, [line, level]) =>
				puzzle.lines[line] ? put(puzzle, order, line, puzzle.lines.length, level) : order,
			[],
		);
}
