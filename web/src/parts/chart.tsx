// A small chart: lines over two axes, each line with its name and its own dashes, and what else belongs over them.

import type { ComponentChildren } from "preact";

const WIDTH = 420;
const HEIGHT = 220;
const LEFT = 54;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 40;

export interface Axis {
	readonly title: string;
	readonly low: number;
	readonly high: number;
	readonly ticks: readonly number[];
	/** How a tick is said; the default is the number itself. */
	readonly say?: (value: number) => string;
	/** Whether equal steps are equal factors; both ends are above 0 then. */
	readonly isLog?: boolean;
}

export type Tone = "main" | "second" | "third" | "fourth" | "soft";

export interface Line {
	readonly name: string;
	readonly tone: Tone;
	readonly points: readonly (readonly [number, number])[];
	/** Marked points of the line are drawn as dots too. */
	readonly hasDots?: boolean;
}

/** From values to places in the drawing. */
export interface Scale {
	readonly x: (value: number) => number;
	readonly y: (value: number) => number;
}

interface ChartProps {
	/** What the chart says, in words and numbers. */
	readonly label: string;
	readonly x: Axis;
	readonly y: Axis;
	readonly lines: readonly Line[];
	/** What is drawn over the lines. */
	readonly children?: (scale: Scale) => ComponentChildren;
}

export function Chart({ label, x, y, lines, children }: ChartProps) {
	const scale = {
		x: placed(x, LEFT, WIDTH - RIGHT),
		y: placed(y, HEIGHT - BOTTOM, TOP),
	};
	const say = (axis: Axis, value: number) => axis.say?.(value) ?? String(value).replace("-", "−");
	return (
		<figure class="chart">
			<figcaption class="small soft">{y.title}</figcaption>
			<svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
				<path class="chart-axis" d={`M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`} />
				{y.ticks.map((value) => (
					<text key={value} x={LEFT - 6} y={scale.y(value) + 4} text-anchor="end">
						{say(y, value)}
					</text>
				))}
				{x.ticks.map((value) => (
					<text
						key={value}
						x={scale.x(value)}
						y={HEIGHT - BOTTOM + 16}
						text-anchor={scale.x(value) > WIDTH - 40 ? "end" : "middle"}
					>
						{say(x, value)}
					</text>
				))}
				<text x={WIDTH - RIGHT} y={HEIGHT - 6} text-anchor="end">
					{x.title}
				</text>
				{lines.map((line) => (
					<g key={line.name} class={`chart-line is-${line.tone}`}>
						<path d={path(line, scale)} />
						{line.hasDots &&
							line.points.map(([at, value]) => (
								<circle key={at} cx={scale.x(at)} cy={scale.y(value)} r={3} />
							))}
					</g>
				))}
				{children?.(scale)}
			</svg>
			{lines.length > 1 && (
				<ul class="chart-legend small">
					{lines.map(({ name, tone }) => (
						<li key={name}>
							<svg viewBox="0 0 28 8" class={`chart-line is-${tone}`} aria-hidden="true">
								<path d="M0 4H28" />
							</svg>
							{name}
						</li>
					))}
				</ul>
			)}
		</figure>
	);
}

function placed(axis: Axis, from: number, to: number): (value: number) => number {
	const along = axis.isLog ? Math.log : (value: number) => value;
	const low = along(axis.low);
	const span = along(axis.high) - low || 1;
	return (value) => {
		const share = (along(Math.max(value, axis.isLog ? axis.low : value)) - low) / span;
		return from + Math.min(1, Math.max(0, share)) * (to - from);
	};
}

function path({ points }: Line, { x, y }: Scale): string {
	return points
		.map(([at, value], i) => `${i ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
		.join("");
}
