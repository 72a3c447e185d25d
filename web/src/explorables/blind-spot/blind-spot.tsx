// The screen: the noisy picture and what the fit makes of it; the window and its weights; the loss; which noise stays.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { Controls } from "./controls.tsx";
import { LossChart } from "./loss-chart.tsx";
import { Pictures } from "./pictures.tsx";
import { LOSS, OPEN_SPOT, STRIPES } from "./predictions.ts";
import { Through } from "./through.tsx";
import { LEAST_SIDE, viewOf } from "./view.ts";
import { WindowPanel } from "./window-panel.tsx";

export function BlindSpot({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const problem = useSignal<unknown>(null);
	const view = useMemo(() => viewOf(bench), [bench]);
	const picture = bench.picture.value;
	useEffect(() => {
		const abort = new AbortController();
		problem.value = null;
		view.askClean(abort.signal).catch((error: unknown) => {
			if (!abort.signal.aborted) problem.value = error;
		});
		return () => abort.abort();
	}, [view, picture, problem]);
	const outcome = view.outcome.value;
	// whenever one of these changes, something new is drawn
	const drawn = useMemo(() => ({}), [outcome, view.row.value, view.column.value, view.shown.value]);
	useDrawn(root, drawn);
	if (!outcome)
		return (
			<p class="problem">
				Blind spot needs a picture of at least {LEAST_SIDE} × {LEAST_SIDE} pixels.
			</p>
		);
	return (
		<div class="screen blind-spot" ref={root}>
			{problem.value !== null && <p class="problem">{told(problem.value)}</p>}
			<p>
				The fit is no deep net, but it learns by the same rule: of all ways to weigh the 9 × 9 pixels around a
				pixel, it takes the one that guesses the noisy pixels of this picture best. With every move it is
				found anew.
			</p>
			<div class="screen-split">
				<div class="screen">
					<PredictFirst bench={bench} {...OPEN_SPOT}>
						<Pictures bench={bench} view={view} outcome={outcome} />
						<WindowPanel view={view} outcome={outcome} />
					</PredictFirst>
				</div>
				<Controls view={view} outcome={outcome} />
			</div>
			<div class="blind-spot-proofs">
				<PredictFirst bench={bench} {...LOSS}>
					<LossChart view={view} outcome={outcome} />
				</PredictFirst>
				<PredictFirst bench={bench} {...STRIPES}>
					<Through view={view} outcome={outcome} />
				</PredictFirst>
			</div>
		</div>
	);
}

function told(problem: unknown): string {
	return problem instanceof Error ? problem.message : String(problem);
}
