// The answer for the whole image beside the one that was put together from tiles.

import { useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { ColourBar } from "../../parts/colour-bar.tsx";
import { Choice, Slider, Stops } from "../../parts/controls.tsx";
import { PredictFirst, useTurns } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { small, tenTo } from "../../parts/said.ts";
import { SquarePicker } from "../../parts/square-picker.tsx";
import { computeFactor } from "./costs.ts";
import { STRIDE } from "./net.ts";
import { BRIGHTNESS, HALO } from "./predictions.ts";
import { SeamCurve } from "./seam-curve.tsx";
import { reach, roundedUp } from "./sight.ts";
import { spans } from "./tiles.ts";
import { MOST_HALO, SIDE, TILES, type View } from "./view.ts";

const LEAST = -6; // power of ten that is still drawn

export function Seams({ bench, view }: { readonly bench: Bench; readonly view: View }) {
	const turn = useTurns();
	const [tile, halo] = [view.tile.value, view.halo.value];
	const result = view.result.value;
	const window = Math.min(SIDE, tile + 2 * halo);
	return (
		<div class="screen-split">
			<div class="screen">
				<PredictFirst bench={bench} {...turn(0)} {...HALO}>
					<Pictures bench={bench} view={view} />
					<ReadOuts>
						<ReadOut label="largest difference" name="seam">
							{result === null ? "–" : small(result.most)}
						</ReadOut>
						<ReadOut label="smallest exact halo" name="exact-halo">
							{roundedUp(reach())}
						</ReadOut>
						<ReadOut label="window" name="window">
							{window} × {window}
						</ReadOut>
						<ReadOut label="computed per pixel kept" name="factor">
							{computeFactor(tile, halo).toFixed(2)} ×
						</ReadOut>
					</ReadOuts>
					<SeamCurve view={view} />
				</PredictFirst>
			</div>
			<div class="screen-controls is-first">
				<Stops label="Side of a tile" value={view.tile} stops={TILES} say={(side) => `${side} pixels`} />
				<Slider
					label="Halo around it"
					value={view.halo}
					min={0}
					max={MOST_HALO}
					step={2}
					say={(by) => `${by} pixels`}
				/>
				<p
					class={result === null ? "small memory-budget-told is-refused" : "small memory-budget-told"}
					role="status"
				>
					{result === null ? refusal(halo) : accepted(tile, halo)}
				</p>
				<PredictFirst bench={bench} {...turn(1)} {...BRIGHTNESS}>
					<Choice
						label="Normalised by"
						value={view.normalised}
						options={[
							["image", "the whole image"],
							["tile", "each tile"],
						]}
					/>
				</PredictFirst>
				<SquarePicker
					picture={bench.picture.value}
					row={view.row}
					column={view.column}
					side={SIDE}
					caption="the image: drag the frame"
				/>
				<p class="small soft">
					The net is convivo's U-Net with two poolings, one channel on its first level and weights by chance,
					and it really runs. Differences are shares of the answer's standard deviation. It sees {reach()}{" "}
					pixels to a side; its poolings group {STRIDE} pixels.
				</p>
			</div>
		</div>
	);
}

function accepted(tile: number, halo: number): string {
	if (tile + 2 * halo >= SIDE) return "One window holds the whole image.";
	const kept = halo > 0 ? `the inner ${tile} × ${tile} of each are kept` : "all of each is kept";
	return `Windows begin at multiples of ${STRIDE}, as the poolings want it; ${kept}, more at the border of the image.`;
}

function refusal(halo: number): string {
	const below = halo - (halo % STRIDE);
	return `A halo of ${halo} is refused: windows would not begin at multiples of ${STRIDE}, and the poolings would group other pixels than in the whole image. Use ${below} or ${below + STRIDE}.`;
}

function Pictures({ bench, view }: { readonly bench: Bench; readonly view: View }) {
	const whole = view.whole.value;
	const result = view.result.value;
	const [low, high] = useMemo(
		() => [whole.reduce((a, b) => Math.min(a, b)), whole.reduce((a, b) => Math.max(a, b))],
		[whole],
	);
	const nothing = useMemo(() => new Float64Array(SIDE * SIDE).fill(Number.NaN), []);
	const powers = useMemo(
		() => result?.seams.map((seam) => (seam > 0 ? Math.log10(seam) : Number.NaN)) ?? nothing,
		[result, nothing],
	);
	const size = { height: SIDE, width: SIDE };
	const { low: black, high: white } = bench.picture.value;
	return (
		<div class="memory-budget-pictures">
			<Raster
				label="the image"
				{...size}
				values={view.image.value.data}
				low={black}
				high={white}
				caption="the image"
			>
				<Grid view={view} />
			</Raster>
			<Raster
				label="the answer for the whole image"
				{...size}
				values={whole}
				low={low}
				high={high}
				caption="the answer for the whole"
			/>
			<Raster
				label={result ? "the answer from tiles" : "no answer: the halo is refused"}
				{...size}
				values={result?.answer ?? nothing}
				low={low}
				high={high}
				caption="the answer from tiles"
			/>
			<figure class="raster">
				<Raster
					label={result ? `how far they differ, at most ${small(result.most)}` : "nothing to compare"}
					{...size}
					values={powers}
					low={LEAST}
					high={0}
					map="measure"
					caption="where they differ"
				>
					<Grid view={view} />
				</Raster>
				<ColourBar map="measure" low={tenTo(LEAST)} high="1" />
			</figure>
		</div>
	);
}

/** The edges of the tiles. */
function Grid({ view }: { readonly view: View }) {
	if (view.result.value === null) return null;
	const edges = spans(SIDE, view.tile.value, view.halo.value).map(({ core }) => core[0]);
	const lines = edges.slice(1).map((at) => `M${at} 0V${SIDE}M0 ${at}H${SIDE}`);
	return <path class="memory-budget-grid" d={lines.join("")} vector-effect="non-scaling-stroke" />;
}
