// Where the image lies among those that the model knows: a strip for each trait, with their range as a band.

import type { Strip } from "./answer.ts";

const WHERE: Record<Strip["where"], string> = {
	inside: "as usual",
	below: "lower than any known",
	above: "higher than any known",
	unmeasured: "cannot be measured here",
};

export function Strips({ strips }: { readonly strips: readonly Strip[] }) {
	if (strips.length === 0) return null;
	return (
		<section class="break-it-fingerprint" aria-label="This image among those that the net knows">
			<h3>Where this image lies among those that the net knows</h3>
			<ul>
				{strips.map((strip) => (
					<li key={strip.name} class={`is-${strip.where}`}>
						<div class="break-it-strip-head">
							<span>{strip.title}</span>
							<strong data-read={`strip-${strip.name}`}>{strip.value || "–"}</strong>
						</div>
						<svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
							<rect class="is-axis" y={5} width={100} height={2} />
							<rect
								class="is-band"
								x={100 * strip.low}
								y={2}
								width={100 * (strip.high - strip.low)}
								height={8}
							/>
						</svg>
						{strip.at !== null && (
							<span class="break-it-mark" style={{ left: `${100 * strip.at}%` }} aria-hidden="true" />
						)}
						<div class="break-it-strip-foot soft small">
							<span aria-hidden="true">{strip.ends[0]}</span>
							<span>known: {strip.usual}</span>
							<span aria-hidden="true">{strip.ends[1]}</span>
						</div>
						<p class="small">
							<span class="soft">{strip.explained}:</span> <b>{WHERE[strip.where]}</b>
						</p>
					</li>
				))}
			</ul>
		</section>
	);
}
