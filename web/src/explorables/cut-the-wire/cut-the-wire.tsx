// The screen: the U with its maps and wires; what the nets answer; how channels add up; which sizes go through.

import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst, useTurns } from "../../parts/predict-first.tsx";
import { answers } from "./answers.ts";
import { Channels } from "./channels.tsx";
import { Compare } from "./compare.tsx";
import { CHANNELS, NO_SKIPS, SIZES } from "./predictions.ts";
import { SizeGate } from "./size-gate.tsx";
import { Told } from "./told.tsx";
import { UNet } from "./u-net.tsx";
import { viewOf } from "./view.ts";
import { ALL_WIRED } from "./wirings.ts";

export function CutTheWire({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const [view, said] = useMemo(() => {
		const made = answers(bench.ask);
		return [viewOf(bench), made] as const;
	}, [bench]);
	const picture = bench.picture.value;
	const turn = useTurns();
	useEffect(() => {
		const abort = new AbortController();
		void said.about(picture, view.wiring.peek(), abort.signal);
		return () => abort.abort();
	}, [said, view, picture]);
	const wiring = view.wiring.value;
	const whole = said.byWiring.value.get(ALL_WIRED);
	const cut = said.byWiring.value.get(wiring);
	const stages = said.stages.value;
	// whenever one of these changes, something new is drawn
	const drawn = useMemo(
		() => ({}),
		[
			whole,
			cut,
			stages,
			view.row.value,
			view.column.value,
			view.ranks.value,
			view.tall.value,
			view.wide.value,
		],
	);
	useDrawn(root, drawn);
	return (
		<div class="screen" ref={root}>
			{said.problem.value !== null && (
				<p class="problem" role="alert">
					{told(said.problem.value)}
				</p>
			)}
			<div class="screen">
				<UNet picture={picture} view={view} stages={stages} />
				<Told
					wiring={wiring}
					whole={whole}
					cut={cut}
					isHidden={bench.predictFirst.value && !turn(1).isTurn}
				/>
			</div>
			<div class="screen" id="cut-the-wire-answers" tabIndex={-1}>
				<PredictFirst bench={bench} {...turn(0)} {...NO_SKIPS}>
					<Compare picture={picture} view={view} whole={whole} cut={cut} />
				</PredictFirst>
			</div>
			<div class="cut-the-wire-lessons">
				<PredictFirst bench={bench} {...turn(1)} {...CHANNELS}>
					<Channels stages={stages} />
				</PredictFirst>
				<PredictFirst bench={bench} {...turn(2)} {...SIZES}>
					<SizeGate view={view} />
				</PredictFirst>
			</div>
		</div>
	);
}

function told(problem: unknown): string {
	return problem instanceof Error ? problem.message : String(problem);
}
