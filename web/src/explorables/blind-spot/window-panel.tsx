// One pixel looked at closely: its window, the weights, and the sum of their products.

import { useMemo } from "preact/hooks";
import { ColourBar } from "../../parts/colour-bar.tsx";
import { Raster } from "../../parts/raster.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import type { Outcome } from "./experiment.ts";
import { placeOf } from "./pictures.tsx";
import type { View } from "./view.ts";
import { CENTRE, PLACES, REACH, SIDE, type Spot } from "./window.ts";

export function WindowPanel({ view, outcome }: { readonly view: View; readonly outcome: Outcome }) {
	const { weights, noisy, restored, width } = outcome;
	const at = placeOf(view, outcome);
	const here = at.y * width + at.x;
	const values = useMemo(() => windowAround(outcome, at.y, at.x), [outcome, at.y, at.x]);
	const most = weights.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) || 1;
	const spot = view.spot.value;
	const clean = view.clean.value;
	return (
		<section class="blind-spot-window">
			<Raster
				label="the window, 9 by 9 noisy pixels; beyond the picture nothing is shown"
				height={SIDE}
				width={SIDE}
				values={values}
				low={0}
				high={1}
				caption="the window in the frame"
			>
				<Hidden spot={spot} />
			</Raster>
			<div class="blind-spot-weights">
				<Raster
					label={`the ${SIDE * SIDE} weights, signed; the one in the middle is ${(weights[CENTRE] as number).toFixed(3)}`}
					height={SIDE}
					width={SIDE}
					values={weights}
					low={-most}
					high={most}
					map="signed"
					caption="the weights, the same for every pixel"
				>
					<Hidden spot={spot} />
				</Raster>
				<ColourBar map="signed" low={signed(-most)} high={signed(most)} />
			</div>
			<ReadOuts>
				<ReadOut label="measured here" name="measured">
					{share(noisy[here])}
				</ReadOut>
				<ReadOut label="guessed: weights × window, summed" name="guess">
					{share(restored[here])}
				</ReadOut>
				<ReadOut label="without noise" name="clean">
					{clean ? share(clean[here]) : "–"}
				</ReadOut>
				<ReadOut label="weight in the middle" name="middle">
					{signed(weights[CENTRE] as number)}
				</ReadOut>
				<ReadOut label="weights in its row, summed" name="row-weights">
					{signed(rowSum(weights))}
				</ReadOut>
			</ReadOuts>
		</section>
	);
}

/** Crosses where the fit may not look. */
function Hidden({ spot }: { readonly spot: Spot }) {
	if (spot === "open") return null;
	const columns = spot === "pixel" ? [REACH] : Array.from({ length: SIDE }, (_, column) => column);
	return (
		<>
			{columns.map((column) => (
				<path
					key={column}
					class="blind-spot-hidden"
					d={`M${column} ${REACH}h1v1h-1zl1 1m0 -1l-1 1`}
					vector-effect="non-scaling-stroke"
				/>
			))}
		</>
	);
}

function windowAround({ noisy, height, width }: Outcome, row: number, column: number): Float32Array {
	return Float32Array.from({ length: PLACES }, (_, place) => {
		const y = row - REACH + Math.floor(place / SIDE);
		const x = column - REACH + (place % SIDE);
		const isThere = y >= 0 && x >= 0 && y < height && x < width;
		return isThere ? (noisy[y * width + x] as number) : Number.NaN;
	});
}

function rowSum(weights: Float64Array): number {
	return weights.subarray(REACH * SIDE, (REACH + 1) * SIDE).reduce((sum, weight) => sum + weight, 0);
}

function share(value: number | undefined): string {
	return (value ?? Number.NaN).toFixed(3).replace("-", "−");
}

function signed(value: number): string {
	return `${value < -0.0005 ? "−" : value > 0.0005 ? "+" : ""}${Math.abs(value).toFixed(3)}`;
}
