// Options of a prediction that decide what comes out, in plain words.

import { type Signal, useSignal } from "@preact/signals";
import { Slider, Toggle } from "../../parts/controls.tsx";
import type { Model } from "../lab.ts";

export interface Options {
	/** Doublings of the image before the net sees it. */
	readonly doublings: Signal<number>;
	readonly channel: Signal<string>;
	readonly axes: Signal<string>;
	/** The mean over the image turned and mirrored; for restoration. */
	readonly tta: Signal<boolean>;
	/** As an order names them; what stands at its default is left out. */
	said(): object;
}

export function usePredictOptions(): Options {
	const doublings = useSignal(0);
	const channel = useSignal("");
	const axes = useSignal("");
	const tta = useSignal(false);
	const said = () => ({
		...(doublings.value === 0 ? {} : { scale: 2 ** doublings.value }),
		...(channel.value.trim() ? { channel: channel.value.trim() } : {}),
		...(axes.value.trim() ? { axes: axes.value.trim().toUpperCase() } : {}),
		...(tta.value ? { tta: true } : {}),
	});
	return { doublings, channel, axes, tta, said };
}

export function PredictOptions({
	options,
	model,
}: {
	readonly options: Options;
	readonly model: Model | undefined;
}) {
	return (
		<details class="work-options">
			<summary>Options</summary>
			<Slider
				label="Show the net the image"
				value={options.doublings}
				min={-3}
				max={3}
				step={0.5}
				say={(value) => (value === 0 ? "as it is" : `${(2 ** value).toFixed(2)} × as large`)}
			/>
			<p class="soft small">
				A net knows objects of the size that it was trained on. Where yours are twice as large in pixels, show
				it the image half as large. Results lie on the image's own pixels.
			</p>
			<label class="work-field">
				<span>Channel</span>
				<input
					type="text"
					value={options.channel.value}
					placeholder="all"
					onInput={(event) => {
						options.channel.value = event.currentTarget.value;
					}}
				/>
			</label>
			<p class="soft small">Of images with several channels: its number, counted from 0, or its name.</p>
			<label class="work-field">
				<span>Axes</span>
				<input
					type="text"
					value={options.axes.value}
					placeholder="as the file says"
					onInput={(event) => {
						options.axes.value = event.currentTarget.value;
					}}
				/>
			</label>
			<p class="soft small">
				Only where the file does not say them: such as YX, ZYX (a stack), TYX (a film), YXC.
			</p>
			{model?.finds === "images" && (
				<>
					<Toggle label="Mean over eight views" value={options.tta} />
					<p class="soft small">
						The image is turned and mirrored, and the eight answers are averaged: a little better, eight times
						the time.
					</p>
				</>
			)}
		</details>
	);
}
