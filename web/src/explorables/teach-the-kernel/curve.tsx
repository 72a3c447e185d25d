// How the loss falls, and how far off the weights stay, over steps of learning.

import { useMemo } from "preact/hooks";
import { Chart } from "../../parts/chart.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { small, tenTo, whole } from "../../parts/said.ts";
import { learned } from "./learning.ts";
import { MOST_STEPS, STEPS, type View } from "./view.ts";

const LEAST = 1e-8; // what is less is drawn as this

export function Curve({ view }: { readonly view: View }) {
	const lesson = view.lesson.value;
	const points = useMemo(
		() => STEPS.slice(1).map((steps) => [steps, learned(lesson, steps)] as const),
		[lesson],
	);
	const { loss, off } = view.now.value;
	return (
		<div class="screen">
			<Chart
				label={`Loss and largest error of a weight over steps of learning. After ${view.shown.value} steps the loss is ${small(loss)}, the largest error ${small(off)}.`}
				x={{
					title: "steps of learning",
					low: 1,
					high: MOST_STEPS,
					ticks: [1, 1000, 1e6],
					isLog: true,
					say: many,
				}}
				y={{
					title: "loss, and error of a weight",
					low: LEAST,
					high: 10,
					ticks: [LEAST, 1e-6, 1e-4, 1e-2, 1],
					isLog: true,
					say: power,
				}}
				lines={[
					{ name: "loss", tone: "main", points: points.map(([at, { loss }]) => [at, loss]) },
					{
						name: "largest error of a weight",
						tone: "second",
						points: points.map(([at, { off }]) => [at, off]),
					},
				]}
			>
				{({ x }) => <path class="chart-mark" d={`M${x(Math.max(1, view.shown.value))} 12V180`} />}
			</Chart>
			<ReadOuts>
				<ReadOut label="loss" name="loss">
					{small(loss)}
				</ReadOut>
				<ReadOut label="largest error of a weight" name="off">
					{off.toFixed(3)}
				</ReadOut>
			</ReadOuts>
		</div>
	);
}

export function many(steps: number): string {
	return steps >= 1e6 ? "1 million" : whole(steps);
}

function power(value: number): string {
	return value >= 0.01 ? String(value) : tenTo(Math.log10(value));
}
