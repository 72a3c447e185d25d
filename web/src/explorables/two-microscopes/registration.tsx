// Pairs that do not lie on each other: what the simplest learner makes of them.

import { useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Slider, Toggle } from "../../parts/controls.tsx";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import type { Learned } from "./answers.ts";
import { Light } from "./light.tsx";
import { SHIFTED } from "./predictions.ts";
import { range } from "./split.ts";
import { decibels, MOST_SHIFT, type View } from "./view.ts";

export function Registration({ bench, view }: { readonly bench: Bench; readonly view: View }) {
	const learned = view.answers.shifted.answer.value;
	if (learned === null) return <Waiting text="The weights are fitted …" />;
	const { moved, psnr, target_psnr } = learned;
	return (
		<div class="screen-split">
			<div class="screen">
				<PredictFirst bench={bench} {...SHIFTED}>
					<Pictures learned={learned} />
					<ReadOuts>
						<ReadOut label="it moves what it sees by" name="moved">
							{`${Math.abs(moved).toFixed(1)} pixels`}
						</ReadOut>
						<ReadOut label="PSNR against what it learned from" name="psnr-target">
							{decibels(target_psnr)}
						</ReadOut>
						<ReadOut label="PSNR where things really are" name="psnr-there">
							{decibels(psnr)}
						</ReadOut>
					</ReadOuts>
					<p class="small">
						{view.varies.value
							? "Where the shift goes now to the right, now to the left, no single shift is right. The best guess is the average of both: a blur."
							: "The heaviest weights do not lie in the middle: the fit reads further left, so everything it draws lies further right. It has learned the shift with the denoising. Its score against its own targets does not tell."}
					</p>
				</PredictFirst>
			</div>
			<div class="screen-controls is-first">
				<Slider
					label="The bright image is shifted by"
					value={view.shift}
					min={0}
					max={MOST_SHIFT}
					step={1}
					say={(by) => `${by} ${by === 1 ? "pixel" : "pixels"}`}
				/>
				<Toggle label="now right, now left" value={view.varies} />
				<Light view={view} />
				<p class="small soft">
					The learner has one weight for each of 9 × 9 pixels, fitted by least squares to this pair: dark
					image in, shifted bright image out. A deep net learns the same shift in the same way, less visibly.
				</p>
			</div>
		</div>
	);
}

function Pictures({ learned }: { readonly learned: Learned }) {
	const { target, answer, weights } = learned;
	const [height = 0, width = 0] = target.shape;
	const { low, high } = useMemo(() => range(target.data, 0.004), [target]);
	const most = useMemo(() => weights.data.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9), [weights]);
	const size = { height, width };
	return (
		<div class="screen-pictures">
			<Raster
				label="the shifted bright image"
				{...size}
				values={target.data}
				low={low}
				high={high}
				caption="what it learned from: bright, shifted"
			/>
			<Raster
				label="what the fit makes of the dark image"
				{...size}
				values={answer.data}
				low={low}
				high={high}
				caption="what it makes of the dark image"
			/>
			<Raster
				label="the 81 weights, signed"
				height={9}
				width={9}
				values={weights.data}
				low={-most}
				high={most}
				map="signed"
				caption="its weights; the cross is the pixel itself"
			>
				<path
					class="two-microscopes-split"
					d="M4.25 4.5h0.5M4.5 4.25v0.5"
					vector-effect="non-scaling-stroke"
				/>
			</Raster>
		</div>
	);
}
