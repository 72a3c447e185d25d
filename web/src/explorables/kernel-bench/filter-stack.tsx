// Filter stack: what a layer of many kernels costs, beside a fully connected one with the same output.

import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Choice, Slider } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { type Costs, convolutional, fullyConnected } from "./counts.ts";
import { PARAMETERS, SEEN } from "./predictions.ts";
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
		<div class="screen" ref={root}>
			<div class="screen-split">
				<PredictFirst bench={bench} {...PARAMETERS}>
					<div class="screen">
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
						<p>
							One value that goes out is computed from {stack.channels} × {stack.kernel} × {stack.kernel} ={" "}
							{stack.channels * stack.kernel ** 2} values and a bias. Each of the {stack.filters} filters has
							its own weights, the same at every place of the image.
						</p>
						<h2>Beside a fully connected layer with the same output</h2>
						<Bars shared={shared} full={full} />
					</div>
				</PredictFirst>
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
			</div>
			{bench.predictFirst.value && <PredictFirst bench={bench} {...SEEN} />}
		</div>
	);
}

interface BarsProps {
	readonly shared: Costs;
	readonly full: Costs;
}

/** Parameters and multiply-adds of both layers. A step of the scale is a factor of ten. */
function Bars({ shared, full }: BarsProps) {
	const longest = 14; // powers of ten: more than any layer that can be set
	const share = 55; // percent of the line for the longest bar; its number stands behind it
	const rows: readonly (readonly [string, string, number])[] = [
		["parameters, convolution", "parameters-conv", shared.parameters],
		["parameters, fully connected", "parameters-full", full.parameters],
		["multiply-adds, convolution", "multiply-adds-conv", shared.multiplyAdds],
		["multiply-adds, fully connected", "multiply-adds-full", full.multiplyAdds],
	];
	return (
		<>
			<dl class="kernel-bench-bars">
				{rows.map(([label, name, value]) => (
					<div key={name}>
						<dt>{label}</dt>
						<dd>
							<span class="kernel-bench-bar" style={{ width: `${(share * Math.log10(value)) / longest}%` }} />
							<span data-read={name}>{said(value)}</span>
						</dd>
					</div>
				))}
			</dl>
			<p class="small soft">
				A bar grows by the same length for every factor of ten. The fully connected layer needs{" "}
				{said(Math.round(full.parameters / shared.parameters))} times as many parameters.
			</p>
		</>
	);
}

function said(value: number): string {
	return value.toLocaleString("en");
}
