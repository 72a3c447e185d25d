// Outcomes that were worked out already: at one probability and by one criterion, one for each overlap threshold. The
// curve asks for all of them, so that a hand on the overlap threshold finds its outcome there.

import type { Loaded } from "./loaded.ts";
import { type Outcome, outcome } from "./outcome.ts";
import type { Criterion } from "./suppression.ts";

interface Row {
	readonly prob: number;
	readonly criterion: Criterion;
	readonly byTau: Map<number, Outcome>;
}

const rows = new WeakMap<Loaded, Row>();

/** What comes of a picture's stars at two thresholds. */
export function outcomeAt(loaded: Loaded, prob: number, tau: number, criterion: Criterion): Outcome {
	let row = rows.get(loaded);
	if (row?.prob !== prob || row.criterion !== criterion) {
		row = { prob, criterion, byTau: new Map() };
		rows.set(loaded, row);
	}
	const known = row.byTau.get(tau);
	if (known) return known;
	const made = outcome(loaded.stars, loaded.size, loaded.truth, prob, tau, criterion);
	row.byTau.set(tau, made);
	return made;
}
