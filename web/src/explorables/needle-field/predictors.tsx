// Three predictors that never change, on ever less foreground: their pictures, and their scores.

import { useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Slider, Stops } from "../../parts/controls.tsx";
import { PredictFirst, useTurns } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { CONTRAST, type Field } from "./field.ts";
import { Pixels } from "./pixels.tsx";
import { CROP, NOTHING } from "./predictions.ts";
import { type Counts, counted, type Predictor, type Scores, scored, THRESHOLDS } from "./scores.ts";
import { MOST_BORDER, percents, SHARES, type View } from "./view.ts";

const PREDICTORS: readonly (readonly [Predictor, string])[] = [
	["nothing", "background everywhere"],
	["eager", "over-eager"],
	["good", "good"],
];

export function Predictors({ bench, view }: { readonly bench: Bench; readonly view: View }) {
	const field = view.field.value;
	const results = useMemo(() => PREDICTORS.map(([name]) => counted(field, THRESHOLDS[name])), [field]);
	const foreground = results[0]!.missed;
	const turn = useTurns();
	return (
		<div class="screen-split">
			<div class="screen">
				<PredictFirst bench={bench} {...turn(0)} {...NOTHING}>
					<div class="needle-field-pictures">
						<Raster
							label="the image: foreground is brighter than background, with noise over both"
							height={field.side}
							width={field.side}
							values={field.values}
							low={-3}
							high={CONTRAST + 2}
							caption="the image"
						/>
						{PREDICTORS.map(([name, title], i) => (
							<Result
								key={name}
								title={title}
								field={field}
								threshold={THRESHOLDS[name]}
								counts={results[i]!}
							/>
						))}
					</div>
					<div class="needle-field-scores">
						<ScoreTable results={results} />
					</div>
				</PredictFirst>
			</div>
			<div class="screen-controls is-first">
				<Stops
					label="Foreground, of the sample"
					value={view.percent}
					stops={SHARES}
					say={(percent) => `${percent} %`}
				/>
				<PredictFirst bench={bench} {...turn(1)} {...CROP}>
					<Slider
						label="Empty border around it"
						value={view.border}
						min={0}
						max={MOST_BORDER}
						step={4}
						say={(border) => `${border} pixels`}
					/>
				</PredictFirst>
				<ReadOuts>
					<ReadOut label="foreground" name="foreground">
						{foreground} pixels
					</ReadOut>
					<ReadOut label="of the whole image" name="share">
						{percents(foreground / field.truth.length)}
					</ReadOut>
				</ReadOuts>
				<p class="small soft">
					The predictors never change: each calls foreground what is brighter than its own threshold. Accuracy
					is the share of pixels that are called rightly. Precision is the share of what was called foreground
					that is foreground; recall, the share of the foreground that was found. Dice joins the two and
					leaves out background that was called so.
				</p>
			</div>
		</div>
	);
}

interface ResultProps {
	readonly title: string;
	readonly field: Field;
	readonly threshold: number;
	readonly counts: Counts;
}

function Result({ title, field, threshold, counts }: ResultProps) {
	const grey = useMemo(
		() => Float32Array.from(field.truth, (truth, i) => (truth && field.values[i]! > threshold ? 1 : 0)),
		[field, threshold],
	);
	return (
		<Raster
			label={`${title}: ${counts.found} pixels of foreground found, ${counts.missed} missed, ${counts.added} of background added`}
			height={field.side}
			width={field.side}
			values={grey}
			low={-0.15}
			high={1}
			caption={title}
		>
			<Pixels
				class="needle-field-added"
				field={field}
				isWanted={(truth, value) => !truth && value > threshold}
			/>
			<Pixels
				class="needle-field-missed"
				field={field}
				isWanted={(truth, value) => truth && value <= threshold}
			/>
		</Raster>
	);
}

const ROWS: readonly (readonly [keyof Scores, string])[] = [
	["accuracy", "accuracy"],
	["precision", "precision"],
	["recall", "recall"],
	["dice", "Dice"],
];

function ScoreTable({ results }: { readonly results: readonly Counts[] }) {
	const scores = results.map(scored);
	return (
		<table class="needle-field-table">
			<thead>
				<tr>
					<td />
					{PREDICTORS.map(([name, title]) => (
						<th key={name} scope="col">
							{title}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{ROWS.map(([score, called]) => (
					<tr key={score}>
						<th scope="row">{called}</th>
						{PREDICTORS.map(([name], i) => (
							<td key={name}>
								<span class="needle-field-bar" aria-hidden="true">
									<span style={{ width: `${100 * (scores[i]![score] ?? 0)}%` }} />
								</span>
								<span data-read={`${score}-${name}`}>{percents(scores[i]![score])}</span>
							</td>
						))}
					</tr>
				))}
				<Row called="missed" kind="missed" results={results} />
				<Row called="added" kind="added" results={results} />
			</tbody>
		</table>
	);
}

/** Pixels of one kind, with the sign that they have in the pictures. */
function Row(props: {
	readonly called: string;
	readonly kind: "missed" | "added";
	readonly results: readonly Counts[];
}) {
	return (
		<tr>
			<th scope="row">
				<span class={`needle-field-sign is-${props.kind}`} aria-hidden="true" /> {props.called}
			</th>
			{PREDICTORS.map(([name], i) => (
				<td key={name} data-read={`${props.kind}-${name}`}>
					{props.results[i]![props.kind]}
				</td>
			))}
		</tr>
	);
}
