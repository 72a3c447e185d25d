// What the hand does to the image: sliders whose left or middle is "as it came".

import { Button, Slider, Toggle } from "../../parts/controls.tsx";
import { BITS, DARKEST, MOST, photons, times, type View, withoutHarm } from "./view.ts";

export function HarmSliders({ view }: { readonly view: View }) {
	return (
		<section class="break-it-harm" aria-label="What happens to the image">
			<h3>What happens to the image</h3>
			<Slider label="Size of objects" value={view.size} min={-MOST} max={MOST} step={1} say={saidTimes} />
			<Slider
				label="Blur"
				value={view.blur}
				min={0}
				max={9}
				step={0.25}
				say={(pixels) => `${pixels.toFixed(2)} px`}
			/>
			<Slider
				label="Background, growing to the right"
				value={view.background}
				min={0}
				max={2}
				step={0.05}
				say={percent}
			/>
			<Slider label="Exposure" value={view.dark} min={0} max={DARKEST} step={1} say={saidPhotons} />
			<Slider label="Noise of the camera" value={view.noise} min={0} max={0.5} step={0.01} say={percent} />
			<Slider label="Grey levels" value={view.coarse} min={0} max={BITS.length - 1} step={1} say={saidBits} />
			<div class="break-it-switches">
				<Toggle label="Dark on bright" value={view.inverted} />
				<Toggle label="A speck of dust" value={view.dust} />
			</div>
			<div>
				<Button onClick={() => withoutHarm(view)}>As it came</Button>
			</div>
		</section>
	);
}

export function saidTimes(quarters: number): string {
	return quarters === 0 ? "as it came" : `${times(quarters).toFixed(2)} ×`;
}

function percent(share: number): string {
	return `${Math.round(100 * share)} %`;
}

function saidPhotons(halves: number): string {
	return halves === 0 ? "as it came" : `${Math.round(photons(halves))} photons`;
}

function saidBits(step: number): string {
	const bits = BITS[Math.round(step)] ?? BITS[0];
	return step === 0 ? "as it came" : `${2 ** bits} greys`;
}
