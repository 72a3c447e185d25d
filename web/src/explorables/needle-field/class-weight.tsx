// A class weight moves the threshold along the brightness; it does not make the classes easier to tell apart.

import { useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Chart } from "../../parts/chart.tsx";
import { Stops } from "../../parts/controls.tsx";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { WEIGHT } from "./predictions.ts";
import { counted, scored } from "./scores.ts";
import { percents, SHARES, type View, WEIGHTS } from "./view.ts";
import { HIGH, histogramOf, LOW, meaningOfHalf, thresholdAt } from "./weighted.ts";

export function ClassWeight({ bench, view }: { readonly bench: Bench; readonly view: View }) {
	const field = view.bare.value;
	const { background, foreground, low, step } = useMemo(() => histogramOf(field), [field]);
	const share = field.truth.reduce((sum, truth) => sum + truth, 0) / field.truth.length;
	const weight = view.weight.value;
	const threshold = thresholdAt(share, weight);
	const scores = scored(counted(field, threshold));
	const most = Math.max(...background);
	const line = (counts: readonly number[]) =>
		counts.map((count, i) => [low + (i + 0.5) * step, Math.max(count, 0.5)] as const);
	return (
		<PredictFirst bench={bench} {...WEIGHT}>
			<div class="screen-split">
				<div class="screen">
					<Chart
						label={`Pixels by brightness. The net calls foreground what is brighter than ${threshold.toFixed(2)}.`}
						x={{
							title: "brightness, in deviations of the noise",
							low: LOW,
							high: HIGH,
							ticks: [-2, 0, 2, 4, 6],
						}}
						y={{
							title: "pixels",
							low: 0.5,
							high: Math.max(1000, most),
							ticks: [1, 10, 100, 1000],
							isLog: true,
						}}
						lines={[
							{ name: "background", tone: "second", points: line(background) },
							{ name: "foreground", tone: "main", points: line(foreground) },
						]}
					>
						{({ x, y }) => (
							<>
								<path class="chart-mark" d={`M${x(threshold)} ${y(0.5)}V12`} />
								<text x={x(threshold) + 5} y={24}>
									called foreground →
								</text>
							</>
						)}
					</Chart>
					<ReadOuts>
						<ReadOut label="threshold" name="threshold">
							{threshold.toFixed(2)}
						</ReadOut>
						<ReadOut label="recall" name="weighted-recall">
							{percents(scores.recall)}
						</ReadOut>
						<ReadOut label="precision" name="weighted-precision">
							{percents(scores.precision)}
						</ReadOut>
						<ReadOut label="Dice" name="weighted-dice">
							{percents(scores.dice)}
						</ReadOut>
						<ReadOut label="accuracy" name="weighted-accuracy">
							{percents(scores.accuracy)}
						</ReadOut>
					</ReadOuts>
					<p>
						Where this net's output is 50 %, the pixel is foreground in{" "}
						<strong data-read="meaning">{percents(meaningOfHalf(weight))}</strong> of the cases.{" "}
						{weight > 1 ? "Its outputs are no probabilities any more." : "Its outputs are probabilities."}
					</p>
				</div>
				<div class="screen-controls is-first">
					<Stops
						label="Loss of foreground counts"
						value={view.weight}
						stops={WEIGHTS}
						say={(times) => `${times} times`}
					/>
					<Stops
						label="Foreground, of the sample"
						value={view.percent}
						stops={SHARES}
						say={(percent) => `${percent} %`}
					/>
					<p class="small soft">
						This is the sample without its border. Both classes have the same noise, so the output that costs
						least is known exactly; no net has to be trained. The weight only moves the line. What recall
						gains, precision pays.
					</p>
				</div>
			</div>
		</PredictFirst>
	);
}
