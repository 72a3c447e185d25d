// Three sets, the images in each, and what the learner scores.

import type { Bench } from "../../bench.ts";
import { Button, Choice } from "../../parts/controls.tsx";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { Features } from "./features.tsx";
import { LEAK } from "./predictions.ts";
import { SetColumn } from "./set-column.tsx";
import { DAYS, IMAGES, PATCHES } from "./specimens.ts";
import { SETS } from "./splits.ts";
import { said, type View } from "./view.ts";

export function Dealing({ bench, view }: { readonly bench: Bench; readonly view: View }) {
	const { validation, test, unseen } = view.outcome.value;
	const average = view.average.value;
	return (
		<div class="screen">
			<p>
				{DAYS} days with {IMAGES} images each, half of them controls, half treated, {PATCHES} patches from
				every image. The learner says of a patch what the most similar patch was that it has learned from.
			</p>
			<div class="screen-split">
				<div class="split-machine-sets">
					{SETS.map((name) => (
						<SetColumn key={name} name={name} view={view} />
					))}
				</div>
				<div class="screen-controls is-first">
					<Choice
						label="Deal"
						value={view.rule}
						options={[
							["patches", "patches at random"],
							["images", "whole images"],
							["days", "whole days"],
							["hand", "by hand"],
						]}
					/>
					<div>
						<Button
							onClick={() => {
								view.seed.value = (view.seed.value + 1) % 1000;
							}}
						>
							Other images, other draw
						</Button>
					</div>
					<PredictFirst bench={bench} {...LEAK}>
						<ReadOuts>
							<ReadOut label="validation" name="validation">
								{said(validation)}
							</ReadOut>
							<ReadOut label="test" name="test">
								{said(test)}
							</ReadOut>
							<ReadOut label="new microscope" name="unseen">
								{said(unseen)}
							</ReadOut>
						</ReadOuts>
						<p class="small">
							The share of patches that are said rightly; guessing gives 0.50. On average over 50 experiments
							with this rule: validation{" "}
							<strong data-read="average-validation">{said(average.validation)}</strong>, new microscope{" "}
							<strong data-read="average-unseen">{said(average.unseen)}</strong>.
						</p>
						<p class="small">{VERDICTS[view.rule.value]}</p>
						<Features view={view} />
					</PredictFirst>
				</div>
			</div>
		</div>
	);
}

const VERDICTS = {
	patches:
		"Patches of one image are in both sets. They look alike because light and stain were the same, so the learner knows the image again. The score says nothing about new images.",
	images:
		"No image is in two sets, so the score speaks of new images. Images of one day still share its light; where a new day differs much, even this is too high.",
	days: "No day is in two sets: validation asks what a new day will ask.",
	hand: "Drag an image into another set, or choose its set in its list.",
};
