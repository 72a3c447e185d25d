// The screen: the image to learn from, the two kernels, how the loss falls, and what the image cannot tell.

import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { Controls } from "./controls.tsx";
import { Curve } from "./curve.tsx";
import { SIDE } from "./images.ts";
import { Kernel } from "./kernel.tsx";
import { correlated, INNER } from "./patches.ts";
import { FLAT } from "./predictions.ts";
import { Untold } from "./untold.tsx";
import { type View, viewOf } from "./view.ts";

export function TeachTheKernel({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench), [bench]);
	const stop = useRef(() => {});
	useEffect(() => () => stop.current(), [view]);
	useDrawn(root, view.now.value);
	const { target } = view.lesson.value;
	const train = () => {
		stop.current();
		stop.current = view.train(matchMedia("(prefers-reduced-motion: reduce)").matches);
	};
	return (
		<div class="screen" ref={root}>
			<div class="screen-split">
				<div class="screen">
					<PredictFirst bench={bench} {...FLAT}>
						<Pictures view={view} />
						<div class="teach-the-kernel-kernels">
							<Kernel caption="the true kernel, which nobody tells" weights={target} most={mostOf(target)} />
							<Kernel caption="what was learned" weights={view.now.value.weights} most={mostOf(target)} />
							<Curve view={view} />
						</div>
						<Untold view={view} />
					</PredictFirst>
				</div>
				<Controls bench={bench} view={view} train={train} stop={() => stop.current()} />
			</div>
		</div>
	);
}

function mostOf(weights: readonly number[]): number {
	return Math.max(...weights.map(Math.abs));
}

function Pictures({ view }: { readonly view: View }) {
	const pixels = view.pixels.value;
	const { target } = view.lesson.value;
	const wanted = useMemo(() => correlated(pixels, target), [pixels, target]);
	const made = correlated(pixels, view.now.value.weights);
	const low = Math.min(0, ...wanted);
	const high = Math.max(1, ...wanted);
	const size = { height: INNER, width: INNER };
	return (
		<div class="teach-the-kernel-pictures">
			<Raster
				label="the image to learn from"
				height={SIDE}
				width={SIDE}
				values={pixels}
				low={0}
				high={1}
				caption="the image to learn from"
			/>
			<Raster
				label="what the true kernel makes of it"
				{...size}
				values={wanted}
				low={low}
				high={high}
				caption="what should come out"
			/>
			<Raster
				label="what the learned kernel makes of it"
				{...size}
				values={made}
				low={low}
				high={high}
				caption="what comes out"
			/>
			<Raster
				label="the difference, signed"
				{...size}
				values={made.map((value, i) => value - wanted[i]!)}
				low={-0.5}
				high={0.5}
				map="signed"
				caption="the difference"
			/>
		</div>
	);
}
