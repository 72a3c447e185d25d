// Filter stack: what a layer of many kernels costs, beside a fully connected one with the same output.

import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Choice, Slider } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { Bars } from "./bars.tsx";
import { convolutional, fullyConnected } from "./counts.ts";
import { PARAMETERS, SEEN } from "./predictions.ts";
import { said } from "./said.ts";
import { Volumes } from "./volumes.tsx";

export const CHANNELS = ["DAPI", "GFP", "brightfield"] as const;

export function FilterStack({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const set = useMemo(
		() => ({
			channels: bench.state.choice("channels", ["1", "2", "3"], "2"),
			filters: bench.state.number("filters", 16, { min: 1, max: 64 }),
			kernel: bench.state.choice("side", ["1", "3", "5", "7"], "3"),
			side: bench.state.number("image-side", 256, { min: 16, max: 1024 }),
		}),
		[bench],
	);
	const stack = {
		channels: Number(set.channels.value),
		filters: Math.round(set.filters.value),
		kernel: Number(set.kernel.value),
		side: Math.round(set.side.value),
	};
	const shared = convolutional(stack);
	const full = fullyConnected(stack);
	useDrawn(root, JSON.stringify(stack));
	return (
		<div class="kernel-bench-stack" ref={root}>
			<div class="screen-controls">
				<Choice
					label="Channels"
					value={set.channels}
					options={[
						["1", "DAPI"],
						["2", "+ GFP"],
						["3", "+ brightfield"],
					]}
				/>
				<Slider label="Filters" value={set.filters} min={1} max={64} step={1} />
				<Choice
					label="Side of a kernel"
					value={set.kernel}
					options={(["1", "3", "5", "7"] as const).map((side) => [side, side])}
				/>
				<Slider
					label="Side of the image"
					value={set.side}
					min={16}
					max={1024}
					step={16}
					say={(side) => `${side} pixels`}
				/>
			</div>
			<div class="screen">
				<PredictFirst bench={bench} {...PARAMETERS}>
					<Volumes {...stack} names={CHANNELS} />
					<ReadOuts>
						<ReadOut label="weights" name="weights">
							{said(shared.weights)}
						</ReadOut>
						<ReadOut label="biases" name="biases">
							{said(shared.biases)}
						</ReadOut>
						<ReadOut label="parameters" name="parameters">
							{said(shared.parameters)}
						</ReadOut>
						<ReadOut label="multiply-adds for one image" name="multiply-adds">
							{said(shared.multiplyAdds)}
						</ReadOut>
					</ReadOuts>
					<PredictFirst bench={bench} {...SEEN}>
						<p>
							One value that goes out is computed from {stack.channels} × {stack.kernel} × {stack.kernel} ={" "}
							<span data-read="seen">{stack.channels * stack.kernel ** 2}</span> values and a bias. Each of
							the {stack.filters} filters has its own weights, the same at every place of the image.
						</p>
					</PredictFirst>
					<h2>Beside a fully connected layer with the same output</h2>
					<Bars shared={shared} full={full} />
				</PredictFirst>
			</div>
		</div>
	);
}
