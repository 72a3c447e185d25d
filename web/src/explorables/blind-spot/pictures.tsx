// With noise, what the fit makes of it, and without noise: all cut to the pixels that have a whole window.

import { useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Choice } from "../../parts/controls.tsx";
import { type Place, Raster } from "../../parts/raster.tsx";
import type { Outcome } from "./experiment.ts";
import { inside } from "./mixture.ts";
import type { View } from "./view.ts";
import { REACH, SIDE } from "./window.ts";

interface Props {
	readonly bench: Bench;
	readonly view: View;
	readonly outcome: Outcome;
}

export function Pictures({ bench, view, outcome }: Props) {
	const { height, width } = outcome;
	const picture = bench.picture.value;
	const asItIs = useMemo(
		() => inside(picture.pixels.data, height + 2 * REACH, width + 2 * REACH),
		[picture, height, width],
	);
	const at = placeOf(view, outcome);
	const move = (to: Place) => {
		view.row.value = Math.floor(to.y) + REACH;
		view.column.value = Math.floor(to.x) + REACH;
	};
	const say = `row ${at.y + REACH}, column ${at.x + REACH}`;
	const handle = (label: string) => ({ label, at, move, say });
	const frame = (
		<rect
			class="blind-spot-frame"
			x={at.x - REACH}
			y={at.y - REACH}
			width={SIDE}
			height={SIDE}
			vector-effect="non-scaling-stroke"
		/>
	);
	const clean = view.clean.value;
	const left = view.shown.value === "noise" ? view.left.value : null;
	return (
		<div class="screen">
			<div class="screen-pictures">
				<Raster
					label={`${picture.name} with noise`}
					height={height}
					width={width}
					values={outcome.noisy}
					low={0}
					high={1}
					handle={handle("window in the noisy picture")}
					caption="with noise: all that the fit is given"
				>
					{frame}
				</Raster>
				<Raster
					label={left ? "what is left of the added noise, signed" : "what the fit guesses of every pixel"}
					height={height}
					width={width}
					values={left ?? outcome.restored}
					low={left ? -0.5 : 0}
					high={left ? 0.5 : 1}
					map={left ? "signed" : "grey"}
					handle={handle("window in the result")}
					caption={
						left ? "added noise that is left: −0.5 purple, +0.5 orange" : "what it guesses of every pixel"
					}
				>
					{frame}
				</Raster>
				<Raster
					label={clean ? `${picture.name} without any noise` : `${picture.name}, as it is`}
					height={height}
					width={width}
					values={clean ?? asItIs}
					low={clean ? 0 : picture.low}
					high={clean ? 1 : picture.high}
					caption={clean ? "without noise: nobody shows it to the fit" : "as it is, nothing added"}
				>
					{frame}
				</Raster>
			</div>
			<Choice
				label="The second picture"
				value={view.shown}
				options={[
					["result", "the result"],
					["noise", "the noise left in it"],
				]}
			/>
		</div>
	);
}

/** The window's middle, among the pixels that have a whole window. */
export function placeOf(view: View, { height, width }: Outcome): Place {
	const within = (value: number, length: number) =>
		Math.min(length - 1, Math.max(0, Math.round(value) - REACH));
	return { y: within(view.row.value, height), x: within(view.column.value, width) };
}
