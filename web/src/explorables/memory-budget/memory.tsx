// What a tile costs: its maps grow with its area, the weights do not.

import { useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Choice, Slider, Stops } from "../../parts/controls.tsx";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { whole } from "../../parts/said.ts";
import { computeFactor, DEPTH, mapBytes, memoryOf, weightBytes } from "./costs.ts";
import { DOUBLED } from "./predictions.ts";

const SIDES = [64, 128, 256, 512, 1024, 2048, 4096, 8192];
const CARDS = ["2", "8", "24"] as const; // gigabytes

export function Memory({ bench }: { readonly bench: Bench }) {
	const set = useMemo(
		() => ({
			side: bench.state.number("side", 512, { min: 64, max: 8192 }),
			filters: bench.state.number("filters", 32, { min: 8, max: 64 }),
			margin: bench.state.number("margin", 48, { min: 0, max: 128 }),
			card: bench.state.choice("card", CARDS, "8"),
		}),
		[bench],
	);
	const memory = memoryOf(set.filters.value);
	const budget = Number(set.card.value) * 1e9;
	const window = set.side.value + 2 * set.margin.value;
	const maps = mapBytes(memory, window);
	const weights = weightBytes(memory);
	const fits = maps + weights <= budget;
	const largest = SIDES.findLast((side) => mapBytes(memory, side + 2 * set.margin.value) + weights <= budget);
	return (
		<PredictFirst bench={bench} {...DOUBLED}>
			<div class="screen-split">
				<div class="screen">
					<div
						class="memory-budget-bar"
						role="img"
						aria-label={`${said(maps + weights)} of ${set.card.value} GB`}
					>
						<span
							class={fits ? undefined : "is-over"}
							style={{ width: `${Math.min(100, (100 * (maps + weights)) / budget)}%` }}
						/>
					</div>
					<p role="status">
						<strong data-read="fits">{fits ? "It fits" : "✗ It does not fit"}</strong>
						{`: ${said(maps + weights)} of ${set.card.value} GB. `}
						{largest
							? `The largest of these tiles that fits has ${largest} pixels to a side.`
							: "No tile fits."}
					</p>
					<ReadOuts>
						<ReadOut label="maps" name="maps">
							{said(maps)}
						</ReadOut>
						<ReadOut label="weights" name="weights">
							{said(weights)}
						</ReadOut>
						<ReadOut label="window that the net sees" name="memory-window">
							{whole(window)} × {whole(window)}
						</ReadOut>
						<ReadOut label="computed per pixel kept" name="memory-factor">
							{computeFactor(set.side.value, set.margin.value).toFixed(2)} ×
						</ReadOut>
					</ReadOuts>
					<p class="small soft">
						This is convivo's U-Net with {DEPTH} poolings. Every map of every layer is counted,{" "}
						{Math.round(memory.values)} values for each pixel, 4 bytes each: in training all are kept.
						Predicting keeps fewer at a time, but grows in the same way.
					</p>
				</div>
				<div class="screen-controls is-first">
					<Stops
						label="Side of a tile"
						value={set.side}
						stops={SIDES}
						say={(side) => `${whole(side)} pixels`}
					/>
					<Slider
						label="Halo around it"
						value={set.margin}
						min={0}
						max={128}
						step={8}
						say={(by) => `${by} pixels`}
					/>
					<Stops label="Filters of the first level" value={set.filters} stops={[8, 16, 32, 64]} />
					<Choice
						label="Memory of the card"
						value={set.card}
						options={CARDS.map((card) => [card, `${card} GB`])}
					/>
				</div>
			</div>
		</PredictFirst>
	);
}

function said(bytes: number): string {
	const [unit, called] = bytes >= 1e9 ? [1e9, "GB"] : bytes >= 1e6 ? [1e6, "MB"] : [1e3, "kB"];
	return `${(bytes / unit).toPrecision(3)} ${called}`;
}
