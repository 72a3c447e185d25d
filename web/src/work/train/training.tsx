// A training as it goes: the loss, the score, the images that choose, the time left; then its model.

import { link } from "../../page/address.ts";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import type { Happened, Job, Told, WholeJob } from "../lab.ts";
import { count, duration, grouped, METHODS } from "../words.ts";
import { Curve } from "./curve.tsx";
import { ValidationPictures } from "./validation-pictures.tsx";

type Of<Type extends Told["type"]> = Extract<Told, { readonly type: Type }>;

export function Training({
	whole,
	happened,
}: {
	readonly whole: WholeJob;
	readonly happened: readonly Happened[];
}) {
	const { job } = whole;
	const rows = told(happened, "Row");
	const scores = told(happened, "Validated");
	const best = scores.findLast((each) => each.is_best) ?? null;
	const unit = isRestoring(whole) ? "dB" : "accuracy";
	const say = (score: number | undefined) =>
		score === undefined ? "–" : unit === "dB" ? `${score.toFixed(1)} dB` : score.toFixed(3);
	return (
		<>
			<ReadOuts>
				<ReadOut label="step" name="step">
					{rows.length > 0 ? grouped(rows.at(-1)?.step ?? 0) : "–"}
				</ReadOut>
				<ReadOut label="loss" name="loss">
					{rows.at(-1)?.loss.toPrecision(3) ?? "–"}
				</ReadOut>
				<ReadOut label={`best ${unit} so far`} name="best">
					{say(best?.score)}
				</ReadOut>
				<ReadOut label="time left" name="left">
					{job.left !== null ? duration(job.left) : "–"}
				</ReadOut>
			</ReadOuts>
			<div class="work-curves">
				<Curve
					title="Loss on the images that train"
					points={rows.map((each) => [each.step, each.loss])}
					isLog
					empty="The first steps are on their way."
				/>
				<Curve
					title={
						unit === "dB"
							? "dB on the images that choose"
							: "Accuracy on the images that choose, mean over IoU 0.5 to 0.9"
					}
					points={scores.map((each) => [each.step, each.score])}
					isMarked
					best={best && [best.step, best.score]}
					empty="The net is tried about twenty times; the first is on its way."
				/>
			</div>
			<ValidationPictures job={job.id} scores={scores} isRestoring={unit === "dB"} say={say} />
			{job.result?.type === "ModelMade" && <Made job={job} made={job.result} />}
		</>
	);
}

function told<Type extends Told["type"]>(happened: readonly Happened[], type: Type): Of<Type>[] {
	return happened.map((each) => each.told).filter((each): each is Of<Type> => each.type === type);
}

function isRestoring({ order }: WholeJob): boolean {
	return order.method === "care" || order.method === "n2v";
}

function Made({ job, made }: { readonly job: Job; readonly made: Of<"ModelMade"> }) {
	const accuracy = made.accuracy?.["0.5"];
	return (
		<section class="work-panel" aria-labelledby="model-made">
			<h2 id="model-made">The model</h2>
			<p>
				{METHODS[made.method]}, {count(made.steps, "step")} in {duration(made.minutes * 60)}; the best weights
				are those of step {grouped(made.best_step)}.
			</p>
			{accuracy !== undefined && (
				<p>
					Accuracy {accuracy.toFixed(2)} at IoU 0.5 on the {made.selection} images that chose it, with the
					thresholds that suit them best. That is optimistic: try it on images kept apart from the training.
				</p>
			)}
			{made.decibels != null && (
				<p>{made.decibels.toFixed(1)} dB on the images that chose it, which is optimistic.</p>
			)}
			{job.model && (
				<p class="work-actions">
					<a class="button is-main" href={link("work/predict", [["model", job.model]])}>
						Predict with it
					</a>
					<a class="button" href={link("work/train", [["source", job.model]])}>
						Fine-tune it
					</a>
				</p>
			)}
		</section>
	);
}
