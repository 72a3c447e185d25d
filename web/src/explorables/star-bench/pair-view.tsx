// Two stars: the one that speaks and one that it asks; the area that both share, and what it is divided by.

import { useId } from "preact/hooks";
import { Slider } from "../../parts/controls.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import type { Loaded } from "./loaded.ts";
import { type Outcome, outlineOf } from "./outcome.ts";
import { polygonPath } from "./outlines.ts";
import type { Corners } from "./painting.ts";
import { overlapsOf, UNLIKELY } from "./suppression.ts";
import { thresholds } from "./suppression-tab.tsx";
import { END, type View } from "./view.ts";

interface PairViewProps {
	readonly view: View;
	readonly loaded: Loaded;
	readonly outcome: Outcome;
	readonly step: number;
}

export function PairView({ view, loaded, outcome, step }: PairViewProps) {
	const { stars } = loaded;
	const star = outcome.decision.stays[step - 1];
	if (star === undefined) {
		return <p class="star-bench-pair-note soft">No star has spoken yet. Press Next: the likeliest begins.</p>;
	}
	if (view.step.value === END) {
		return (
			<p class="star-bench-pair-note soft">
				All have spoken. Press Start, then Next, to see one after the other decide; or move the slider.
			</p>
		);
	}
	const { tau } = thresholds(view, loaded);
	const asked = overlapsOf(stars, star, view.criterion.value).filter(({ other }) => {
		const by = outcome.decision.by[other] as number;
		// only those that still stood when it was asked: no likelier star had removed them
		return by !== UNLIKELY && (by < 0 || by >= star);
	});
	const suppressed = outcome.decision.by.reduce((count, by) => count + Number(by === star), 0);
	const pair = asked[Math.min(asked.length, view.neighbour.value) - 1];
	const probability = (stars.probabilities.data[star] as number).toFixed(3);
	const smaller = pair && Math.min(stars.areas.data[star] as number, stars.areas.data[pair.other] as number);
	return (
		<section class="star-bench-pair" aria-label="The star that speaks, and one of its neighbours">
			<p>
				Star {step}, probability <b data-read="speaker-probability">{probability}</b>, suppresses{" "}
				<b data-read="speaker-suppressed">{suppressed}</b>{" "}
				{suppressed === 1 ? "less likely star" : "less likely stars"}.
			</p>
			{!pair && <p class="soft">No star that is still there lies on it.</p>}
			{pair && (
				<div class="star-bench-pair-split">
					<PairDrawing one={outlineOf(stars, star)} two={outlineOf(stars, pair.other)} />
					<div class="screen-controls">
						{asked.length > 1 && (
							<Slider
								label="Neighbour, the largest share first"
								value={view.neighbour}
								min={1}
								max={asked.length}
								step={1}
							/>
						)}
						<ReadOuts>
							<ReadOut label="shared, in square pixels" name="pair-shared">
								{pair.shared.toFixed(1)}
							</ReadOut>
							<ReadOut
								label={view.criterion.value === "smaller" ? "area of the smaller" : "area of both together"}
								name="pair-whole"
							>
								{(view.criterion.value === "smaller" ? (smaller as number) : pair.whole).toFixed(1)}
							</ReadOut>
							<ReadOut label="shared / area" name="pair-share">
								{pair.share.toFixed(3)}
							</ReadOut>
						</ReadOuts>
						<p data-read="pair-verdict">
							{pair.share > tau
								? `${pair.share.toFixed(3)} is above τ = ${tau.toFixed(2)}: taken for the same nucleus, it goes.`
								: `${pair.share.toFixed(3)} is not above τ = ${tau.toFixed(2)}: taken for another nucleus, it may stay.`}
						</p>
						{pair.share > 1 && (
							<p class="small soft">
								Outlines are cut to whole pixels where they cross, as StarDist does, so a share can come out a
								little above 1.
							</p>
						)}
					</div>
				</div>
			)}
		</section>
	);
}

function PairDrawing({ one, two }: { readonly one: Corners; readonly two: Corners }) {
	const shape = useId(); // a lesson may hold several pairs
	const ys = [...one.ys, ...two.ys];
	const xs = [...one.xs, ...two.xs];
	const [top, left] = [Math.min(...ys) - 1, Math.min(...xs) - 1];
	const side = Math.max(Math.max(...ys) - top, Math.max(...xs) - left) + 2;
	return (
		<svg
			class="star-bench-pair-drawing"
			viewBox={`${left} ${top} ${side} ${side}`}
			role="img"
			aria-label="two stars and the area that they share"
		>
			<defs>
				<clipPath id={shape}>
					<path d={polygonPath(one)} />
				</clipPath>
				<pattern
					id="star-bench-shared"
					width="1.6"
					height="1.6"
					patternUnits="userSpaceOnUse"
					patternTransform="rotate(45)"
				>
					<rect class="star-bench-shared-line" width="0.6" height="1.6" />
				</pattern>
			</defs>
			<path class="star-bench-shared" d={polygonPath(two)} clip-path={`url(#${shape})`} />
			<path class="star-bench-gone" d={polygonPath(two)} />
			<path class="star-bench-now" d={polygonPath(one)} />
		</svg>
	);
}
