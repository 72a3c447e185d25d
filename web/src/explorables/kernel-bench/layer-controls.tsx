// How the kernel is laid on the image: turned or not, over the border or not, and in which steps.

import type { Bench } from "../../bench.ts";
import { Choice } from "../../parts/controls.tsx";
import { PredictFirst, type Turn } from "../../parts/predict-first.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { lengthAfter } from "./convolution.ts";
import { SHRINK } from "./predictions.ts";
import type { View } from "./view.ts";

const LAYERS = 5; // in the question "what comes out?"

interface LayerControlsProps {
	readonly bench: Bench;
	readonly view: View;
	/** Of the question after what comes out. */
	readonly turn: Turn;
}

export function LayerControls({ bench, view, turn }: LayerControlsProps) {
	const [height = 0, width = 0] = bench.picture.value.pixels.shape;
	const layer = view.layer.value;
	return (
		<div class="screen-controls">
			<Choice
				label="As"
				value={view.turned}
				options={[
					["no", "correlation"],
					["yes", "convolution"],
				]}
			/>
			<Choice
				label="Padding"
				value={view.padding}
				options={[
					["zeros", "zeros"],
					["reflect", "mirrored"],
					["none", "none"],
				]}
			/>
			<Choice
				label="Stride"
				value={view.stride}
				options={[
					["1", "1"],
					["2", "2"],
					["4", "4"],
				]}
			/>
			<PredictFirst bench={bench} {...turn} {...SHRINK}>
				<ReadOuts>
					<ReadOut label="output, columns × rows" name="size">
						{lengthAfter(width, layer, 1)} × {lengthAfter(height, layer, 1)}
					</ReadOut>
					<ReadOut label="after five such layers" name="size-after-five">
						{lengthAfter(width, layer, LAYERS)} × {lengthAfter(height, layer, LAYERS)}
					</ReadOut>
				</ReadOuts>
			</PredictFirst>
			<p class="small soft">
				Padding is what the kernel finds beyond the border; with none it stays inside. Stride is how many
				pixels it moves from one place to the next.
			</p>
		</div>
	);
}
