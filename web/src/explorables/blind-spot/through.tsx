// Which noise comes through the weights: of each pixel's own, and along rows.

import type { Outcome } from "./experiment.ts";
import type { View } from "./view.ts";

export function Through({ view, outcome }: { readonly view: View; readonly outcome: Outcome }) {
	return (
		<section class="blind-spot-proof">
			<h2>Why stripes stay</h2>
			<dl class="blind-spot-bars">
				<Bar name="own-through" label="noise of each pixel's own" value={outcome.ownThrough} />
				<Bar
					name="row-through"
					label={view.lines.value === "stripes" ? "stripes along rows" : "streaks along rows"}
					value={outcome.rowThrough}
				/>
			</dl>
			<p class="small soft">So much of the variance of each kind of noise these weights let through.</p>
			<p class="small">{EXPLAINED[view.spot.value]}</p>
		</section>
	);
}

function Bar({
	name,
	label,
	value,
}: {
	readonly name: string;
	readonly label: string;
	readonly value: number;
}) {
	const percent = 100 * value;
	return (
		<div>
			<dt>{label}</dt>
			<dd>
				<span class="blind-spot-bar" aria-hidden="true">
					<span style={{ width: `${Math.min(100, percent)}%` }} />
				</span>
				<span data-read={name}>{percent.toFixed(1)} %</span>
			</dd>
		</div>
	);
}

const EXPLAINED = {
	open: "With the spot open the fit copies the pixel, and all noise with it.",
	pixel:
		"A pixel's own noise is nowhere in the window once the pixel is hidden, so no weights can bring it back. What is left of it is the noise of the neighbours, averaged. Noise along a row is in the neighbours of that row: they tell it as they tell the picture. The more of it there is, the more the fit leans on its row. Noise2Void is no exception: what can be guessed from neighbours, it keeps.",
	row: (
		<>
			With the row hidden, nothing in the window knows its noise: the streaks go, and a little sharpness with
			them, because the nearest neighbours to the left and right are missing. This is structN2V; in convivo{" "}
			<code>convivo train n2v IMAGES --along X --reach 4</code>.
		</>
	),
};
