// How far outlines are off: the share of their pixels within so many pixels of the truth.

import type { Judged } from "./answers.ts";

const WIDTH = 320;
const HEIGHT = 190;
const LEFT = 44;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 40;
const STEP = 0.5; // pixels, between two values of `within`
const FARTHEST = 4; // pixels: beyond, the lines hardly differ

interface Props {
	readonly whole: Judged | null | undefined;
	readonly cut: Judged | null | undefined;
}

export function OffChart({ whole, cut }: Props) {
	if (!whole || !cut) return null;
	const x = (distance: number) => LEFT + (distance / FARTHEST) * (WIDTH - LEFT - RIGHT);
	const y = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
	const line = ({ within }: Judged) =>
		within
			.slice(0, FARTHEST / STEP + 1)
			.map((share, i) => `${i ? "L" : "M"}${x(i * STEP).toFixed(1)} ${y(share).toFixed(1)}`)
			.join("");
	const at = (judged: Judged) => `${Math.round(100 * (judged.within[2] ?? 0))} %`;
	return (
		<figure class="cut-the-wire-off">
			<svg
				viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
				role="img"
				aria-label={`Within 1 pixel of the truth: ${at(whole)} of the outlines with all skips, ${at(cut)} with those cut.`}
			>
				<path class="is-axis" d={`M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`} />
				{[0, 0.5, 1].map((share) => (
					<text key={share} x={LEFT - 6} y={y(share) + 4} text-anchor="end">
						{100 * share} %
					</text>
				))}
				{[0, 1, 2, 3, 4].map((distance) => (
					<text key={distance} x={x(distance)} y={HEIGHT - BOTTOM + 17} text-anchor="middle">
						{distance}
					</text>
				))}
				<text x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">
					pixels from the truth
				</text>
				<path class="is-whole" d={line(whole)} />
				<path class="is-cut" d={line(cut)} />
			</svg>
			<figcaption class="small soft">
				Share of the outlines so near the truth: solid with all skips, dashed with those cut.
			</figcaption>
		</figure>
	);
}
