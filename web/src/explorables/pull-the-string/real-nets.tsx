// The nets that came with convivo, on the picture: how much each pixel moves one pixel of their answer.

import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { ColourBar } from "../../parts/colour-bar.tsx";
import { Choice } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { newest } from "../../parts/newest.ts";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { type Window, windowOf } from "../../picture.ts";
import type { Tensor } from "../../tensor.ts";
import { INFLUENCE } from "./predictions.ts";

/** The answer to the question "string". */
interface Influence {
	readonly shares: Tensor<Float32Array>;
	readonly top: number;
	readonly left: number;
	readonly field: number;
	readonly first: readonly [number, number];
	readonly last: readonly [number, number];
	/** Pixels from the place that hold 50, 90 and 95 % of the influence. */
	readonly half: number;
	readonly nine_tenths: number;
	readonly most: number;
	readonly silent: readonly string[];
	/** Across, without what silent layers hide. */
	readonly living: number;
}

interface Asked {
	readonly window: Window;
	readonly model: string;
	readonly y: number;
	readonly x: number;
}

const NETS = ["nuclei", "nuclei-unet", "nuclei-care"] as const;
const LOWEST = -4; // of the colours: a ten-thousandth of the strongest influence

export function RealNets({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const set = useMemo(
		() => ({
			model: bench.state.choice("model", NETS, "nuclei"),
			row: bench.state.number("row", 96),
			column: bench.state.number("column", 96),
		}),
		[bench],
	);
	const asking = useMemo(
		() =>
			newest(async (asked: Asked, abort) => ({
				asked, // what comes late is shown only while its net and picture are
				seen: await bench.ask<Influence>("string", asked, abort),
			})),
		[bench],
	);
	useEffect(() => () => asking.stop(), [asking]);
	const picture = bench.picture.value;
	const [height = 0, width = 0] = picture.pixels.shape;
	const y = Math.min(height - 1, Math.round(set.row.value));
	const x = Math.min(width - 1, Math.round(set.column.value));
	const model = set.model.value;
	useEffect(() => {
		asking.ask({ window: windowOf(picture), model, y, x });
	}, [asking, picture, model, y, x]);
	const answer = asking.answer.value;
	const isCurrent =
		answer?.asked.model === model &&
		JSON.stringify(answer.asked.window) === JSON.stringify(windowOf(picture));
	const seen = isCurrent ? answer.seen : null;
	const strengths = useMemo(() => seen && onPicture(seen, height, width), [seen, height, width]);
	useDrawn(root, seen);
	const move = (to: { readonly y: number; readonly x: number }) => {
		set.row.value = Math.floor(to.y);
		set.column.value = Math.floor(to.x);
	};
	const overlay = seen && <Overlay seen={seen} y={y} x={x} />;
	return (
		<div class="screen" ref={root}>
			<p>
				Drag the pixel of the answer. The <em>field</em>, the dashed frame, follows from the layers alone:
				nothing outside can change the answer there. The colours are measured on this picture: how much each
				pixel moves the answer.
			</p>
			<Choice label="Net" value={set.model} options={NETS.map((name) => [name, name] as const)} />
			{asking.problem.value !== null && <p class="problem">{String(asking.problem.value)}</p>}
			<PredictFirst bench={bench} {...INFLUENCE}>
				<div class="screen-pictures">
					<Raster
						label={`${picture.name}, the image`}
						height={height}
						width={width}
						values={picture.pixels.data}
						low={picture.low}
						high={picture.high}
						handle={{ label: "pixel of the answer", at: { y, x }, move }}
						caption="the image, and the pixel of the answer"
					>
						{overlay}
					</Raster>
					{strengths && (
						<figure class="raster">
							<Raster
								label="influence of each pixel on the answer"
								height={height}
								width={width}
								values={strengths}
								low={LOWEST}
								high={0}
								map="measure"
								caption="influence of each pixel, by powers of ten"
							>
								{overlay}
							</Raster>
							<ColourBar map="measure" low="0.0001 of the strongest" high="the strongest" />
						</figure>
					)}
				</div>
				{seen && (
					<ReadOuts>
						<ReadOut label="field, pixels across" name="field">
							{seen.field}
						</ReadOut>
						<ReadOut label="50 % of the influence, pixels across" name="half">
							{across(seen.half)}
						</ReadOut>
						<ReadOut label="90 %, pixels across" name="nine-tenths">
							{across(seen.nine_tenths)}
						</ReadOut>
						<ReadOut label="95 %, pixels across" name="most">
							{across(seen.most)}
						</ReadOut>
					</ReadOuts>
				)}
				{seen && seen.silent.length > 0 && <Silent seen={seen} model={model} />}
				<p class="small soft">
					The field is what the layers allow; what a net looks at is what it has learned. Where the colours
					end long before the frame, the far layers have little to say. A nucleus that is wider than the
					circle, which holds 95 % of the influence, is judged mostly by its parts. All sizes are whole
					widths.
				</p>
			</PredictFirst>
		</div>
	);
}

/** What silent layers leave of the field. */
function Silent({ seen, model }: { readonly seen: Influence; readonly model: string }) {
	return (
		<div class="pull-the-string-silent">
			<h2>A part of this net is silent</h2>
			<p>
				In <code>{model}</code>, the answer of <code>{seen.silent.join(", ")}</code> is 0 everywhere in this
				picture, and what lies deeper in the net is not heard. The layers allow a field of {seen.field} pixels
				across; those that are left see <b data-read="living">{seen.living}</b>. Training does that sometimes.
				No count of layers shows it, only a measurement does.
			</p>
		</div>
	);
}

/** The width of a circle around a pixel, in pixels. */
function across(radius: number): number {
	return 2 * Math.round(radius) + 1;
}

/** Powers of ten below the strongest influence, on the whole picture; NaN where the net does not look. */
function onPicture(seen: Influence, height: number, width: number): Float32Array {
	const [rows = 0, columns = 0] = seen.shares.shape;
	const strongest = seen.shares.data.reduce((most, each) => Math.max(most, each), Number.MIN_VALUE);
	const out = new Float32Array(height * width).fill(LOWEST);
	for (let row = 0; row < rows; row++) {
		for (let column = 0; column < columns; column++) {
			const [y, x] = [row + seen.top, column + seen.left];
			if (y >= height || x >= width) continue;
			const share = seen.shares.data[row * columns + column]! / strongest;
			out[y * width + x] = Math.max(LOWEST, Math.log10(share + 1e-12));
		}
	}
	return out;
}

function Overlay({ seen, y, x }: { readonly seen: Influence; readonly y: number; readonly x: number }) {
	const [top, left] = seen.first;
	return (
		<>
			<rect
				class="pull-the-string-field"
				x={left}
				y={top}
				width={seen.last[1] - left + 1}
				height={seen.last[0] - top + 1}
				vector-effect="non-scaling-stroke"
			/>
			<circle
				class="pull-the-string-most"
				cx={x + 0.5}
				cy={y + 0.5}
				r={seen.most}
				vector-effect="non-scaling-stroke"
			/>
			<circle
				class="pull-the-string-hand"
				cx={x + 0.5}
				cy={y + 0.5}
				r={2.5}
				vector-effect="non-scaling-stroke"
			/>
		</>
	);
}
