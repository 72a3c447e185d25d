// A curve over the steps of a training.

import { fewer, type Point, scaleOf, share, ticks } from "./curve.ts";

const WIDTH = 520; // units of the drawing; it is as wide as there is room
const HEIGHT = 220;
const LEFT = 60;
const BOTTOM = 28;
const TOP = 10;
const RIGHT = 12;
const MOST = 600; // points that are drawn

interface CurveProps {
	readonly title: string;
	readonly points: readonly Point[];
	readonly isLog?: boolean;
	/** Points are marked, because there are few. */
	readonly isMarked?: boolean;
	/** The step whose point is marked with a ring and a word, such as the best one. */
	readonly best?: Point | null;
	readonly empty: string;
}

export function Curve({ title, points, isLog = false, isMarked, best, empty }: CurveProps) {
	const drawn = fewer(points, MOST);
	const up = scaleOf(
		drawn.map((point) => point[1]),
		isLog,
	);
	const last = points.at(-1)?.[0] ?? 1;
	const x = (step: number) => LEFT + (step / last) * (WIDTH - LEFT - RIGHT);
	const y = (value: number) => HEIGHT - BOTTOM - share(value, up) * (HEIGHT - BOTTOM - TOP);
	const usable = drawn.filter(([, value]) => !isLog || value > 0);
	return (
		<figure class="work-curve">
			<figcaption>
				{title}
				{isLog && <span class="soft small"> (each step up the axis is a factor)</span>}
			</figcaption>
			{points.length === 0 ? (
				<p class="work-curve-empty soft">{empty}</p>
			) : (
				<svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={spoken(title, points)}>
					{ticks(up).map((value) => (
						<g key={value}>
							<line x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} class="work-curve-grid" />
							<text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
								{value}
							</text>
						</g>
					))}
					{ticks({ low: 0, high: last, isLog: false }, 4).map((step) => (
						<text
							key={step}
							x={x(step)}
							y={HEIGHT - 8}
							text-anchor={step === 0 ? "start" : step > 0.9 * last ? "end" : "middle"}
						>
							{step === 0 ? "step 0" : step.toLocaleString("en-GB")}
						</text>
					))}
					<polyline points={usable.map(([step, value]) => `${x(step)},${y(value)}`).join(" ")} />
					{isMarked && usable.map(([step, value]) => <circle key={step} cx={x(step)} cy={y(value)} r={3} />)}
					{best && <circle class="is-best" cx={x(best[0])} cy={y(best[1])} r={7} />}
				</svg>
			)}
		</figure>
	);
}

function spoken(title: string, points: readonly Point[]): string {
	const first = points[0] as Point;
	const last = points.at(-1) as Point;
	return `${title}: ${first[1].toPrecision(3)} at step ${Math.round(first[0])}, ${last[1].toPrecision(3)} at step ${Math.round(last[0])}`;
}
