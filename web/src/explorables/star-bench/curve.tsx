// The counts over the overlap threshold: what is gained on one side is lost on the other.

import type { Loaded } from "./loaded.ts";
import { outcomeAt } from "./remembered.ts";
import { Sample } from "./sample.tsx";
import type { Criterion } from "./suppression.ts";

/** Counts at one overlap threshold; right, wrong and missed only where the truth is known. */
export interface Point {
	readonly tau: number;
	readonly objects: number;
	readonly right: number | null;
	readonly wrong: number | null;
	readonly missed: number | null;
}

/** The counts at every threshold, at one probability. */
export function curveOf(loaded: Loaded, prob: number, criterion: Criterion): Point[] {
	return loaded.stars.thresholds.map((tau) => {
		const { objects, counts } = outcomeAt(loaded, prob, tau, criterion);
		return {
			tau,
			objects: objects.length,
			right: counts?.right ?? null,
			wrong: counts?.wrong ?? null,
			missed: counts?.missed ?? null,
		};
	});
}

interface CurveProps {
	readonly points: readonly Point[];
	readonly tau: number;
	readonly hasTruth: boolean;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [300, 130, 28, 20];
const KINDS = ["right", "wrong", "missed"] as const;

export function Curve({ points, tau, hasTruth }: CurveProps) {
	const kinds = hasTruth ? KINDS : (["objects"] as const);
	const most = Math.max(1, ...points.flatMap((point) => kinds.map((kind) => point[kind] ?? 0)));
	const last = points.at(-1)?.tau ?? 1;
	const x = (value: number) => LEFT + ((WIDTH - LEFT - 6) * value) / last;
	const y = (value: number) => 6 + (HEIGHT - BOTTOM - 6) * (1 - value / most);
	const said = kinds
		.map((kind) => `${kind} from ${points[0]?.[kind]} to ${points.at(-1)?.[kind]}`)
		.join(", ");
	return (
		<figure class="star-bench-curve">
			<svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`counts over τ: ${said}`}>
				<path class="star-bench-axis" d={`M${LEFT} ${y(most)}V${y(0)}H${x(last)}`} />
				<path class="star-bench-here" d={`M${x(tau)} ${y(most)}V${y(0)}`} />
				{kinds.map((kind) => (
					<path
						key={kind}
						class={`star-bench-curve-${kind}`}
						d={points.map((point, i) => `${i ? "L" : "M"}${x(point.tau)} ${y(point[kind] ?? 0)}`).join("")}
					/>
				))}
				<text x={LEFT - 4} y={y(most) + 8} text-anchor="end">
					{most}
				</text>
				<text x={LEFT - 4} y={y(0)} text-anchor="end">
					0
				</text>
				<text x={x(0)} y={HEIGHT - 4}>
					0
				</text>
				<text x={x(last)} y={HEIGHT - 4} text-anchor="end">
					{last}
				</text>
				<text x={(LEFT + WIDTH) / 2} y={HEIGHT - 4} text-anchor="middle">
					τ
				</text>
			</svg>
			<figcaption>
				<ul class="star-bench-legend">
					{kinds.map((kind) => (
						<li key={kind}>
							<Sample>
								<path class={`star-bench-curve-${kind}`} d="M1 6h22" />
							</Sample>
							{kind}
						</li>
					))}
				</ul>
			</figcaption>
			<details class="small">
				<summary>As a table</summary>
				<table class="star-bench-table">
					<thead>
						<tr>
							<th scope="col">τ</th>
							{kinds.map((kind) => (
								<th scope="col" key={kind}>
									{kind}
								</th>
							))}
						</tr>
					</thead>
					<tbody data-read="curve">
						{points.map((point) => (
							<tr key={point.tau}>
								<th scope="row">{point.tau.toFixed(2)}</th>
								{kinds.map((kind) => (
									<td key={kind}>{point[kind]}</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</details>
		</figure>
	);
}
