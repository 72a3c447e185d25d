// What a hand sets, and the numbers that follow.

import { Button, Choice, Slider } from "../../parts/controls.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import type { Outcome } from "./experiment.ts";
import type { View } from "./view.ts";

export function Controls({ view, outcome }: { readonly view: View; readonly outcome: Outcome }) {
	const quality = view.quality.value;
	return (
		<div class="screen-controls">
			<Choice
				label="Blind spot"
				value={view.spot}
				options={[
					["open", "open"],
					["pixel", "pixel hidden"],
					["row", "row hidden"],
				]}
			/>
			<Slider
				label="Noise added (deviation)"
				value={view.deviation}
				min={0}
				max={0.4}
				step={0.01}
				say={(value) => value.toFixed(2)}
			/>
			<Slider
				label="Share of it that runs along rows"
				value={view.share}
				min={0}
				max={1}
				step={0.05}
				say={(value) => `${Math.round(100 * value)} %`}
			/>
			<Choice
				label="Along rows"
				value={view.lines}
				options={[
					["streaks", "streaks"],
					["stripes", "whole rows"],
				]}
			/>
			<div>
				<Button
					onClick={() => {
						view.seed.value = (view.seed.value + 1) % 1000;
					}}
				>
					Other noise
				</Button>
			</div>
			<ReadOuts>
				<ReadOut label="loss" name="loss">
					{outcome.loss.toFixed(4)}
				</ReadOut>
				<ReadOut label={quality ? "variance of the noise" : "variance of the noise added"} name="noise">
					{(quality?.noise ?? outcome.added).toFixed(4)}
				</ReadOut>
				<ReadOut label="PSNR with noise" name="psnr-noisy">
					{inDecibels(quality?.noisyDecibels)}
				</ReadOut>
				<ReadOut label="PSNR of the result" name="psnr-result">
					{inDecibels(quality?.restoredDecibels)}
				</ReadOut>
			</ReadOuts>
			<p class="small soft">
				Values go from 0, black, to 1, white. PSNR says how near a picture comes to the one without noise:
				higher is nearer.{" "}
				{quality
					? "The practice pictures have a little noise of their own, which counts."
					: "Of your own picture nobody knows what it would be without noise; its own noise comes on top of what is added."}
			</p>
		</div>
	);
}

function inDecibels(value: number | undefined): string {
	if (value === undefined) return "–";
	return `${Math.min(value, 99.99).toFixed(2)} dB`;
}
