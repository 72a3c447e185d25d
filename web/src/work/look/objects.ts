// The table of objects: its columns, and its order.

import type { Tensor } from "../../tensor.ts";

/** One entry an object in every column; positions are pixels of the whole image. */
export interface Objects {
	readonly label: Tensor;
	readonly y: Tensor;
	readonly x: Tensor;
	readonly area: Tensor;
	readonly mean_intensity: Tensor;
	readonly probability: Tensor;
	readonly touches_edge: Tensor;
}

export type Column = keyof Objects;

export const COLUMNS: readonly (readonly [Column, string, number])[] = [
	["label", "label", 0],
	["area", "area (px)", 0],
	["probability", "probability", 2],
	["mean_intensity", "brightness", 1],
	["x", "x", 1],
	["y", "y", 1],
	["touches_edge", "at the edge", 0],
];

export interface Order {
	readonly by: Column;
	readonly isDown: boolean;
}

/** The numbers of the rows in the order in which they are shown; equal ones stay in the order of their labels. */
export function sorted(objects: Objects, { by, isDown }: Order): number[] {
	const values = objects[by].data;
	const rows = Array.from({ length: objects.label.data.length }, (_, row) => row);
	const sign = isDown ? -1 : 1;
	return rows.sort(
		(one, other) => sign * ((values[one] as number) - (values[other] as number)) || one - other,
	);
}

/** A value as the table shows it. */
export function cell(objects: Objects, column: Column, row: number, digits: number): string {
	const value = objects[column].data[row] as number;
	if (column === "touches_edge") return value ? "yes" : "";
	return value.toFixed(digits);
}
