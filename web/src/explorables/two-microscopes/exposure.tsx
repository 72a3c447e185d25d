// Little light: the dark image and what the net makes of it in one picture, the truth, the errors, and a profile.

import { useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Chart } from "../../parts/chart.tsx";
import { ColourBar } from "../../parts/colour-bar.tsx";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import type { Pair } from "./answers.ts";
import { Light } from "./light.tsx";
import { OTHER } from "./predictions.ts";
import { difference, profile, range, splitAt } from "./split.ts";
import { decibels, type View } from "./view.ts";

export function Exposure({ bench, view }: { readonly bench: Bench; readonly view: View }) {
	const pair = view.answers.pair.answer.value;
	const fit = view.answers.fit.answer.value;
	if (pair === null) return <Waiting text="The net is asked …" />;
	return (
		<div class="screen-split">
			<div class="screen">
				<PredictFirst bench={bench} {...OTHER}>
					<Pictures pair={pair} view={view} />
					<ReadOuts>
						<ReadOut label="PSNR with little light" name="psnr-low">
							{decibels(pair.low_psnr)}
						</ReadOut>
						<ReadOut label="restored by the net" name="psnr-restored">
							{decibels(pair.restored_psnr)}
						</ReadOut>
						<ReadOut label="by 81 weights that learned from this image" name="psnr-fit">
							{decibels(fit?.psnr)}
						</ReadOut>
					</ReadOuts>
					<p class="small">
						The net is convivo's <code>nuclei-care</code>; it has only seen nuclei. Beside it the simplest
						learner there is: one weight for each of 9 × 9 pixels, fitted to this very image.{" "}
						{view.structure.value === "filaments"
							? "Of filaments the net makes what nuclei would need: lines break, and gaps between them fill with haze. It looks clean all the same."
							: "With nuclei the net is far ahead: it knows what nuclei look like. That is also what it adds."}
					</p>
					<Profile pair={pair} view={view} />
				</PredictFirst>
			</div>
			<div class="screen-controls is-first">
				<Light view={view} />
				<p class="small soft">
					PSNR says how near a picture comes to the truth: higher is nearer.{" "}
					{pair.is_known
						? "Photons are simulated, so the truth is known."
						: "Your picture itself is taken for the truth, its own noise too."}
				</p>
			</div>
		</div>
	);
}

function Pictures({ pair, view }: { readonly pair: Pair; readonly view: View }) {
	const [height = 0, width = 0] = pair.truth.shape;
	const row = Math.min(height - 1, Math.round(view.row.value));
	const column = Math.min(width, Math.round(view.column.value));
	const { low, high } = useMemo(() => range(pair.truth.data, 0.004), [pair]);
	const mixed = useMemo(
		() => splitAt(pair.low.data, pair.restored.data, width, column),
		[pair, width, column],
	);
	const wrong = useMemo(() => difference(pair.restored.data, pair.truth.data), [pair]);
	const size = { height, width };
	const most = (high - low) / 3;
	const lines = (
		<path class="two-microscopes-line" d={`M0 ${row + 0.5}H${width}`} vector-effect="non-scaling-stroke" />
	);
	return (
		<div class="screen-pictures">
			<Raster
				label={`left of column ${column} with little light, from it on restored by the net`}
				{...size}
				values={mixed}
				low={low}
				high={high}
				caption={
					<>
						<span>little light</span> <span>restored</span>
					</>
				}
				handle={{
					label: "split and profile",
					at: { y: row, x: column },
					move: (to) => {
						view.row.value = Math.floor(to.y);
						view.column.value = Math.round(to.x);
					},
				}}
			>
				{lines}
				<path class="two-microscopes-split" d={`M${column} 0V${height}`} vector-effect="non-scaling-stroke" />
			</Raster>
			<Raster
				label="the truth"
				{...size}
				values={pair.truth.data}
				low={low}
				high={high}
				caption="the truth: much light"
			>
				{lines}
			</Raster>
			<figure class="raster">
				<Raster
					label="what the net got wrong, signed"
					{...size}
					values={wrong}
					low={-most}
					high={most}
					map="signed"
					caption="restored less truth"
				>
					{lines}
				</Raster>
				<ColourBar map="signed" low={`−${most.toFixed(0)}`} high={`+${most.toFixed(0)}`} />
			</figure>
		</div>
	);
}

function Profile({ pair, view }: { readonly pair: Pair; readonly view: View }) {
	const [height = 0, width = 0] = pair.truth.shape;
	const row = Math.min(height - 1, Math.round(view.row.value));
	const { low, high } = useMemo(() => range(pair.low.data, 0.002), [pair]);
	const [below, above] = [Math.floor(low / 50) * 50, Math.ceil(high / 50) * 50 || 1];
	return (
		<Chart
			label={`Grey values along row ${row}: with little light, restored, and in truth.`}
			x={{
				title: `column, along row ${row}`,
				low: 0,
				high: width - 1,
				ticks: [0, 50, 100, 150, 200, 250].filter((x) => x < width),
			}}
			y={{ title: "grey value", low: below, high: above, ticks: [below, (below + above) / 2, above] }}
			lines={[
				{ name: "little light", tone: "soft", points: profile(pair.low.data, width, row) },
				{ name: "truth", tone: "main", points: profile(pair.truth.data, width, row) },
				{ name: "restored", tone: "second", points: profile(pair.restored.data, width, row) },
			]}
		/>
	);
}
