// The rungs of an exercise, from seeing to writing.

import type { Rung } from "./told.ts";

export const RUNG_NAMES: Readonly<Record<Rung, string>> = {
	predict: "Predict",
	parsons: "Order the lines",
	fill: "Fill the gaps",
	free: "Write it",
};
