// Correlation beside convolution: the sum at the patch both ways, and how far apart they get.

import type { Bench } from "../../bench.ts";
import { PredictFirst, type Turn } from "../../parts/predict-first.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { flipped, laidOn } from "./convolution.ts";
import { FLIP } from "./predictions.ts";
import type { View } from "./view.ts";

interface TurnedProps {
	readonly bench: Bench;
	readonly view: View;
	readonly turn: Turn;
	/** The pixels of the patch. */
	readonly under: readonly number[];
}

export function Turned({ bench, view, turn, under }: TurnedProps) {
	const kernel = view.kernel.value;
	return (
		<PredictFirst bench={bench} {...turn} {...FLIP}>
			<ReadOuts>
				<ReadOut label="as correlation" name="correlated">
					{laidOn(under, kernel).toFixed(1)}
				</ReadOut>
				<ReadOut label="as convolution" name="convolved">
					{laidOn(under, flipped(kernel)).toFixed(1)}
				</ReadOut>
				<ReadOut label="largest difference in the image" name="difference">
					{view.difference.value.toFixed(1)}
				</ReadOut>
			</ReadOuts>
			<p class="small soft">
				Nets lay the kernel on as it is, which is a correlation, and call it convolution. A convolution turns
				the kernel by half first; learned weights make up for that. Kernels that look the same when they are
				turned, such as a Gaussian, give the same both ways; Sobel's change their sign.
			</p>
		</PredictFirst>
	);
}
