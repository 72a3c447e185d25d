// Suppression: of all stars that the net proposes, who stays, step by step and over the threshold.

import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button, Choice, Slider } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { useOwnId } from "../../parts/own-id.ts";
import { PredictFirst, useTurns } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { CrowdCanvas } from "./crowd-canvas.tsx";
import { Curve, curveOf, type Point } from "./curve.tsx";
import type { Loaded } from "./loaded.ts";
import { ObjectCounts } from "./object-counts.tsx";
import { PairView } from "./pair-view.tsx";
import { LOWER_PROBABILITY, RAISED_TAU, TOUCHING_DISCS } from "./predictions.ts";
import { outcomeAt } from "./remembered.ts";
import { CrowdLegend } from "./sample.tsx";
import type { NetTabProps } from "./star-bench.tsx";
import { END, onStep, PROB, TAU, type View } from "./view.ts";

const PACE = 350; // milliseconds for a step

export function SuppressionTab({ bench, view, loaded, root }: NetTabProps) {
	const { stars, size, truth, picture } = loaded;
	const now = useComputed(() => {
		const { prob, tau } = thresholds(view, loaded);
		return outcomeAt(loaded, prob, tau, view.criterion.value);
	}).value;
	const { stays } = now.decision;
	const step = Math.min(stays.length, view.step.value);
	const curve = useCurve(view, loaded);
	const turn = useTurns();
	useDrawn(root, `${picture.image} ${now.decision.likely} ${view.tau.value} ${view.criterion.value} ${step}`);
	return (
		<div class="screen-split star-bench-split">
			<div class="screen-controls">
				<PredictFirst bench={bench} {...turn(0)} {...TOUCHING_DISCS}>
					<div class="star-bench-held">
						<Raster
							label={`${picture.name} with the net's stars: ${now.decision.likely} candidates, ${stays.length} stay`}
							height={size.height}
							width={size.width}
							values={picture.pixels.data}
							low={picture.low}
							high={picture.high}
						/>
						<CrowdCanvas loaded={loaded} outcome={now} step={step} />
					</div>
					<CrowdLegend hasTruth={truth !== null} isEnd={step === stays.length} />
					<Steps view={view} step={step} count={stays.length} />
					<PairView view={view} loaded={loaded} outcome={now} step={step} />
				</PredictFirst>
			</div>
			<div class="screen-controls">
				<Thresholds view={view} loaded={loaded} />
				<Choice
					label="Shared area divided by"
					value={view.criterion}
					options={[
						["smaller", "the smaller star"],
						["union", "both together (IoU)"],
					]}
				/>
				<p class="small soft">
					{view.criterion.value === "smaller"
						? "So StarDist decides: a small star inside a large one shares all of itself, 1.00."
						: "For comparison only. A small star inside a large one has a low IoU and would stay."}
				</p>
				<PredictFirst bench={bench} {...turn(1)} {...LOWER_PROBABILITY}>
					<ObjectCounts
						name="stars"
						candidates={now.decision.likely}
						objects={now.objects.length}
						counts={now.counts}
					/>
				</PredictFirst>
				<PredictFirst bench={bench} {...turn(2)} {...RAISED_TAU}>
					<Curve points={curve.value} tau={thresholds(view, loaded).tau} hasTruth={truth !== null} />
				</PredictFirst>
				<p class="small soft">
					An object is right where its IoU with a true nucleus is at least 0.5. Positions next to the edge are
					asked last. {stars.proposed > stars.probabilities.data.length && tooMany(loaded)}
				</p>
			</div>
		</div>
	);
}

/** Both thresholds as sliders. */
export function Thresholds({ view, loaded }: { readonly view: View; readonly loaded: Loaded }) {
	const { stars } = loaded;
	return (
		<>
			<Slider
				label="Probability threshold"
				value={view.prob}
				{...PROB}
				min={Math.max(PROB.min, stars.least)}
				say={(value) => value.toFixed(2)}
			/>
			<Slider label="Overlap threshold τ" value={view.tau} {...TAU} say={(value) => value.toFixed(2)} />
			<div class="star-bench-buttons">
				<Button
					onClick={() => {
						view.prob.value = stars.prob;
						view.tau.value = stars.nms;
					}}
				>
					The model's own: {stars.prob.toFixed(2)} and {stars.nms.toFixed(2)}
				</Button>
			</div>
		</>
	);
}

/** The thresholds that hold: on the sliders' steps, and not below what the page has stars for. */
export function thresholds(view: View, { stars }: Loaded): { readonly prob: number; readonly tau: number } {
	return {
		prob: Math.max(stars.least, onStep(view.prob.value, PROB.step)),
		tau: onStep(view.tau.value, TAU.step),
	};
}

function tooMany({ stars }: Loaded): string {
	return `The net proposes ${stars.proposed} stars for this picture; shown are the ${stars.probabilities.data.length} likelier than ${stars.least.toFixed(2)}.`;
}

/** Counts over the overlap threshold, worked out after the picture was drawn, so that the hand does not wait. */
function useCurve(view: View, loaded: Loaded): Signal<readonly Point[]> {
	const curve = useSignal<readonly Point[]>([]);
	const { prob } = thresholds(view, loaded);
	const criterion = view.criterion.value;
	useEffect(() => {
		const later = setTimeout(() => {
			curve.value = curveOf(loaded, prob, criterion);
		}, 60);
		return () => clearTimeout(later);
	}, [loaded, prob, criterion, curve]);
	return curve;
}

interface StepsProps {
	readonly view: View;
	readonly step: number;
	readonly count: number;
}

function Steps({ view, step, count }: StepsProps) {
	const id = useOwnId(); // said, because a label would otherwise belong to the output, the first control in it
	const isPlaying = useSignal(false);
	useEffect(() => {
		if (!isPlaying.value) return;
		if (step >= count) {
			isPlaying.value = false;
			return;
		}
		const next = setTimeout(() => to(step + 1), PACE);
		return () => clearTimeout(next);
	});
	const to = (next: number) => {
		view.neighbour.value = 1;
		view.step.value = next >= count ? END : Math.max(0, next);
	};
	const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
	return (
		<div class="star-bench-steps">
			<label class="slider" for={id}>
				<span>Stars that have spoken, the likeliest first</span>
				<output data-read="step">
					{step} of {count}
				</output>
				<input
					id={id}
					type="range"
					min={0}
					max={count}
					step={1}
					value={step}
					aria-valuetext={`${step} of ${count}`}
					onInput={(event) => to(event.currentTarget.valueAsNumber)}
				/>
			</label>
			<div class="star-bench-buttons">
				<Button onClick={() => to(0)}>Start</Button>
				<Button onClick={() => to(step - 1)} isDisabled={step === 0}>
					Back
				</Button>
				<Button onClick={() => to(step + 1)} isDisabled={step >= count}>
					Next
				</Button>
				{!still && (
					<Button
						isPressed={isPlaying.value}
						onClick={() => {
							if (!isPlaying.value && step >= count) to(0);
							isPlaying.value = !isPlaying.value;
						}}
					>
						Play
					</Button>
				)}
				<Button onClick={() => to(END)} isDisabled={step >= count}>
					All
				</Button>
			</div>
		</div>
	);
}
