// The loss while the weights are learned, with the spot open and closed, beside the variance of the noise.

import type { Outcome } from "./experiment.ts";
import type { View } from "./view.ts";

const WIDTH = 420;
const HEIGHT = 220;
const LEFT = 52;
const RIGHT = 96; // room for the names of the lines
const TOP = 16;
const BOTTOM = 36;

export function LossChart({ view, outcome }: { readonly view: View; readonly outcome: Outcome }) {
	const { openLosses, closedLosses } = outcome;
	const noise = view.quality.value?.noise ?? outcome.added;
	const most = Math.max(openLosses[0] ?? 0, noise) || 1;
	const x = (step: number) => LEFT + (step / (openLosses.length - 1)) * (WIDTH - LEFT - RIGHT);
	const y = (loss: number) => HEIGHT - BOTTOM - (loss / most) * (HEIGHT - TOP - BOTTOM);
	const line = (losses: readonly number[]) =>
		losses.map((loss, step) => `${step ? "L" : "M"}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`).join("");
	const end = WIDTH - RIGHT;
	const closed = closedLosses.at(-1) ?? 0;
	const isRow = view.spot.value === "row";
	return (
		<section class="blind-spot-proof">
			<h2>The loss stops at the noise</h2>
			<svg
				class="blind-spot-chart"
				viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
				role="img"
				aria-label={`Loss over ${openLosses.length - 1} steps of learning. With the spot closed it ends at ${closed.toFixed(4)}, with the spot open at ${(openLosses.at(-1) ?? 0).toFixed(4)}; the variance of the noise is ${noise.toFixed(4)}.`}
			>
				<path class="is-axis" d={`M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${end}`} />
				<text x={LEFT - 6} y={y(most) + 4} text-anchor="end">
					{most.toFixed(3)}
				</text>
				<text x={LEFT - 6} y={y(0) + 4} text-anchor="end">
					0
				</text>
				<text x={LEFT} y={HEIGHT - 14}>
					0
				</text>
				<text x={end} y={HEIGHT - 14} text-anchor="end">
					{openLosses.length - 1} steps of learning
				</text>
				<path class="is-noise" d={`M${LEFT} ${y(noise)}H${end}`} />
				<path class="is-open" d={line(openLosses)} />
				<path class="is-closed" d={line(closedLosses)} />
				<text x={end + 6} y={y(0) + 4}>
					spot open
				</text>
				<text class="is-strong" x={end + 6} y={Math.min(y(closed) - 4, y(0) - 12)}>
					{isRow ? "row hidden" : "pixel hidden"}
				</text>
			</svg>
			<p class="small">
				The dotted line is the variance of the noise{view.quality.value ? "" : " that was added"}. The fit is
				compared with noisy pixels, so even a perfect guess is off by their noise. With the spot closed, only
				who knows the noise comes below that line. {verdict(closed, noise, view)}
			</p>
		</section>
	);
}

function verdict(closed: number, noise: number, view: View): string {
	if (!view.quality.value)
		return "What it stays above it is the picture's own noise, and what neighbours do not tell.";
	if (closed < 0.97 * noise)
		return "Here the fit does: neighbours give the noise away, and it learns the noise too.";
	return "What it stays above it is what neighbours do not tell about the picture.";
}
