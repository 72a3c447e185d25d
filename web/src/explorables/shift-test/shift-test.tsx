// The screen: the image, four maps of it, what is left of each map's change once the shift is undone, and a curve.

import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Chart, type Line, type Tone } from "../../parts/chart.tsx";
import { Choice, Slider } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { SquarePicker } from "../../parts/square-picker.tsx";
import { type Layer, SIDE } from "./maps.ts";
import { SHIFTED } from "./predictions.ts";
import { MOST, type Seen, viewOf } from "./view.ts";

const TITLES: Record<Layer, string> = {
	convolved: "convolution, 3 × 3",
	steady: "max pooling, stride 1",
	pooled: "max pooling, stride 2",
	blurred: "blurred, then stride 2",
};
const TONES: Record<Layer, Tone> = {
	convolved: "main",
	steady: "third",
	pooled: "second",
	blurred: "fourth",
};

export function ShiftTest({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench), [bench]);
	const layers = view.layers.value;
	useDrawn(root, layers);
	const shift = Math.round(view.shift.value);
	const image = view.images.value[shift]!;
	const { low, high } = view.pattern.value === "stripes" ? { low: 0, high: 1 } : bench.picture.value;
	return (
		<div class="screen" ref={root}>
			<div class="screen-split">
				<PredictFirst bench={bench} {...SHIFTED}>
					<div class="screen">
						<div class="shift-test-layers">
							{layers.map((seen) => (
								<LayerSeen key={seen.layer} seen={seen} low={low} shift={shift} />
							))}
						</div>
						<Curve layers={layers} shift={shift} />
					</div>
				</PredictFirst>
				<div class="screen-controls is-first shift-test-controls">
					<Raster
						label={`the image, moved right by ${shift} pixels`}
						height={SIDE}
						width={SIDE}
						values={image.values}
						low={low}
						high={high}
						caption="what the layers see"
					/>
					<Slider
						label="Move the image right"
						value={view.shift}
						min={0}
						max={MOST}
						step={1}
						say={(by) => `${by} ${by === 1 ? "pixel" : "pixels"}`}
					/>
					<Choice
						label="Image"
						value={view.pattern}
						options={[
							["picture", "picture"],
							["stripes", "stripes"],
						]}
					/>
					{view.pattern.value === "picture" && (
						<SquarePicker
							picture={bench.picture.value}
							row={view.row}
							column={view.column}
							side={SIDE}
							caption="where they look: drag the frame"
						/>
					)}
				</div>
			</div>
		</div>
	);
}

interface LayerSeenProps {
	readonly seen: Seen;
	readonly low: number;
	readonly shift: number;
}

function LayerSeen({ seen, low, shift }: LayerSeenProps) {
	const { layer, map, most } = seen;
	const { difference, share, by } = seen.undone[shift]!;
	const isSigned = layer === "convolved";
	const size = { height: map.height, width: map.width };
	return (
		<section class="shift-test-layer">
			<h2>{TITLES[layer]}</h2>
			<Raster
				label={`${TITLES[layer]}: the map`}
				{...size}
				values={map.values}
				low={isSigned ? -most : low}
				high={most}
				map={isSigned ? "signed" : "grey"}
				caption={`its map, ${map.width} × ${map.height}`}
			/>
			<Raster
				label={`${TITLES[layer]}: what differs once it is moved back by ${by}, signed`}
				{...size}
				values={difference.values}
				low={-most / 6}
				high={most / 6}
				map="signed"
				caption={`moved back by ${by}`}
			/>
			<p>
				<strong data-read={`left-${layer}`}>{percents(share)}</strong> <span class="small soft">differs</span>
			</p>
		</section>
	);
}

function Curve({ layers, shift }: { readonly layers: readonly Seen[]; readonly shift: number }) {
	const lines: Line[] = layers.map(({ layer, undone }) => ({
		name: TITLES[layer],
		tone: TONES[layer],
		hasDots: true,
		points: undone.map(({ share }, by) => [by, 100 * share]),
	}));
	const most = Math.max(...lines.flatMap(({ points }) => points.map(([, share]) => share)));
	const high = most > 60 ? 10 * Math.ceil(most / 10) : most > 20 ? 60 : 20;
	return (
		<div class="screen">
			<Chart
				label={`What differs once the shift is undone, for shifts from 0 to ${MOST} pixels. With stride 1 nothing does; with stride 2 every odd shift leaves something.`}
				x={{ title: "pixels that the image moved", low: 0, high: MOST, ticks: [0, 2, 4, 6, 8] }}
				y={{
					title: "what differs once the shift is undone, % of the map's own variation",
					low: 0,
					high,
					ticks: [0, high / 2, high],
				}}
				lines={lines}
			>
				{({ x }) => <path class="chart-mark" d={`M${x(shift)} 12V180`} />}
			</Chart>
			<p class="small">
				A map with stride 1 moves along with the image, pixel by pixel. With stride 2 each value stands for
				two pixels: after an odd shift other pixels are pooled together, and no shift of the map undoes that.
				Blurring before leaving out makes it less, at the price of some sharpness.
			</p>
		</div>
	);
}

function percents(share: number): string {
	return `${(100 * share).toFixed(1)} %`;
}
