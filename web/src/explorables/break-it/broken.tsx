// The first tab: sliders that harm the image, the answer of the real net, doubt's findings, first aid.

import { effect, useComputed } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { useDrawn } from "../../parts/drawn.ts";
import { newest } from "../../parts/newest.ts";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { windowOf } from "../../picture.ts";
import type { Broken as Answer } from "./answer.ts";
import { Findings } from "./findings.tsx";
import { FirstAid } from "./first-aid.tsx";
import { HarmSliders } from "./harm.tsx";
import { OTHER_DAY, RESCALE, SURE } from "./questions.ts";
import { Seen } from "./seen.tsx";
import { Strips } from "./strips.tsx";
import { Certainty, Counts } from "./verdict.tsx";
import { type Asked, askedOf, valuesOf, viewOf } from "./view.ts";

export function Broken({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench.state), [bench]);
	const asked = useComputed(() => askedOf(valuesOf(view), windowOf(bench.picture.value)));
	const asking = useMemo(
		() =>
			newest(async (request: Asked, abort) => ({
				...(await bench.ask<Answer>("break-it", request, abort)),
				asked: request,
			})),
		[bench],
	);
	useEffect(() => {
		const leave = effect(() => asking.ask(asked.value));
		return () => {
			leave();
			asking.stop();
		};
	}, [asking, asked]);
	const answer = asking.answer.value;
	const problem = asking.problem.value as { readonly problem?: string; readonly fix?: string } | null;
	useDrawn(root, answer);
	const [height = 0, width = 0] = bench.picture.value.pixels.shape;
	return (
		<div class="screen" ref={root}>
			<h2 class="for-readers">Break the image by hand</h2>
			{problem && (
				<p class="problem" role="alert">
					{problem.problem ?? String(problem)}. {problem.fix}
				</p>
			)}
			{answer ? (
				<>
					<div class="break-it">
						<div class="break-it-bench">
							<div class="break-it-seen">
								<Seen answer={answer} name={bench.picture.value.name} height={height} width={width} />
							</div>
							<Counts answer={answer} />
							<div class="screen-controls break-it-hand">
								<HarmSliders view={view} />
								<PredictFirst bench={bench} {...RESCALE}>
									<FirstAid bench={bench} view={view} asked={asked} answer={answer} />
								</PredictFirst>
							</div>
						</div>
						<div class="break-it-said">
							<PredictFirst bench={bench} {...SURE}>
								<Certainty answer={answer} />
							</PredictFirst>
							<Findings findings={answer.findings} />
						</div>
						<Strips strips={answer.strips} />
					</div>
					<PredictFirst bench={bench} {...OTHER_DAY} />
				</>
			) : (
				<Waiting text="The net is asked …" />
			)}
		</div>
	);
}
