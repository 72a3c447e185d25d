// The screen: a few of the images, both nets while they learn, and what each reaches with and without mixing.

import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Chart, type Line } from "../../parts/chart.tsx";
import { Button, Toggle } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { imagesOf, mixture, PIXELS, SIDE, scrambled } from "./images.ts";
import { STEPS, TEST, TRAINING } from "./learning.ts";
import { FILTERS, HIDDEN } from "./nets.ts";
import { SCRAMBLED } from "./predictions.ts";
import { type Curves, type View, viewOf } from "./view.ts";

const SHOWN = 6; // images

export function Scrambler({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench.state), [bench]);
	useEffect(() => view.follow(), [view]);
	useDrawn(root, `${view.isScrambled.value} ${view.seed.value}`);
	return (
		<div class="screen" ref={root}>
			<div class="screen-split">
				<div class="screen">
					<Examples view={view} />
					<PredictFirst bench={bench} {...SCRAMBLED}>
						<Reached curves={view.curves.value} />
						<Learning curves={view.curves.value} />
					</PredictFirst>
				</div>
				<div class="screen-controls is-first">
					<Toggle label="Scramble all images in the same way" value={view.isScrambled} />
					<div>
						<Button
							onClick={() => {
								view.seed.value = (view.seed.value + 1) % 1000;
							}}
						>
							Other images
						</Button>
					</div>
					<p class="small">
						Both nets learn to tell lying bars from standing ones, from {TRAINING} images, and are asked about{" "}
						{TEST} others. The mixing is one fixed exchange of places: nothing is lost, and every image gets
						the same.
					</p>
					<p class="small soft">
						The fully connected net has {HIDDEN} units, each with a weight for every pixel. The convolutional
						net has {FILTERS} kernels of 3 × 3, laid on everywhere and averaged. Guessing gives 50 %.
					</p>
				</div>
			</div>
		</div>
	);
}

function Examples({ view }: { readonly view: View }) {
	const seed = view.seed.value;
	const isScrambled = view.isScrambled.value;
	const images = useMemo(() => {
		const made = imagesOf(SHOWN, seed);
		return isScrambled ? scrambled(made, mixture(seed)) : made;
	}, [seed, isScrambled]);
	return (
		<div class="scrambler-examples">
			{Array.from({ length: SHOWN }, (_, i) => (
				<Raster
					key={i}
					label={`an image with ${NAMES[i % 2]} bars${isScrambled ? ", scrambled" : ""}`}
					height={SIDE}
					width={SIDE}
					values={images.pixels.subarray(i * PIXELS, (i + 1) * PIXELS)}
					low={-0.5}
					high={1.5}
					caption={NAMES[i % 2]}
				/>
			))}
		</div>
	);
}

const NAMES = ["lying", "standing"];

const ROWS = [
	["full", "fully connected"],
	["conv", "convolutional"],
] as const;

function Reached({ curves }: { readonly curves: Curves }) {
	const said = (name: keyof Curves) => {
		const last = curves[name]?.at(-1);
		return last ? `${(100 * last[1]).toFixed(1)} %` : "–";
	};
	return (
		<table class="scrambler-table">
			<caption class="small soft">new images that are said rightly</caption>
			<thead>
				<tr>
					<td />
					<th scope="col">as they are</th>
					<th scope="col">scrambled</th>
				</tr>
			</thead>
			<tbody>
				{ROWS.map(([kind, called]) => (
					<tr key={kind}>
						<th scope="row">{called}</th>
						<td data-read={`${kind}-plain`}>{said(`${kind}-plain`)}</td>
						<td data-read={`${kind}-scrambled`}>{said(`${kind}-scrambled`)}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

const LINES = [
	["conv-plain", "convolutional", "main"],
	["conv-scrambled", "convolutional, scrambled", "second"],
	["full-plain", "fully connected", "third"],
	["full-scrambled", "fully connected, scrambled", "fourth"],
] as const;

function Learning({ curves }: { readonly curves: Curves }) {
	const lines: Line[] = LINES.map(([key, name, tone]) => ({
		name,
		tone,
		points: (curves[key] ?? []).map(([step, share]) => [step, 100 * share]),
	}));
	const says = LINES.filter(([key]) => curves[key]?.length).map(
		([key, name]) => `${name} ${(100 * curves[key]!.at(-1)![1]).toFixed(1)} %`,
	);
	return (
		<Chart
			label={`New images that are said rightly, over steps of learning; now: ${says.join(", ")}`}
			x={{ title: "steps of learning", low: 0, high: STEPS, ticks: [0, 10, 20, 30, 40] }}
			y={{ title: "new images said rightly, %", low: 40, high: 100, ticks: [40, 50, 60, 80, 100] }}
			lines={lines}
		/>
	);
}
