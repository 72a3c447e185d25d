// Lines over one axis, each with its own dash and its name beside its end.

import { type Curve, short } from "./cases.ts";

const WIDTH = 360;
const HEIGHT = 160;
const PAD = 4;

export function Chart({ curve }: { readonly curve: Curve }) {
	const xs = curve.lines.flatMap((line) => line.x);
	const ys = curve.lines.flatMap((line) => line.y);
	const [left, right] = [Math.min(...xs), Math.max(...xs)];
	const [low, high] = [Math.min(0, ...ys), Math.max(...ys)];
	const place = (x: number, y: number) => {
		const across = PAD + ((x - left) / (right - left || 1)) * (WIDTH - 2 * PAD);
		const down = HEIGHT - PAD - ((y - low) / (high - low || 1)) * (HEIGHT - 2 * PAD);
		return `${across.toFixed(1)} ${down.toFixed(1)}`;
	};
	return (
		<figure class="detective-chart">
			<figcaption class="small">
				<b>{curve.name}</b>
			</figcaption>
			<svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={inWords(curve)}>
				<path class="is-axis" d={`M${PAD} ${PAD}V${HEIGHT - PAD}H${WIDTH - PAD}`} />
				{curve.lines.map((line, number) => (
					<path
						key={line.name}
						class={`is-line-${number % 3}`}
						d={`M${line.x.map((x, i) => place(x, line.y[i] as number)).join("L")}`}
					/>
				))}
			</svg>
			<div class="detective-axis soft small">
				<span>
					{curve.x_name} {short(left)}
				</span>
				<span>
					{curve.y_name} {short(round(low))} to {short(round(high))}
				</span>
				<span>{short(right)}</span>
			</div>
			<ul class="small">
				{curve.lines.map((line, number) => (
					<li key={line.name}>
						<svg viewBox="0 0 28 8" aria-hidden="true">
							<path class={`is-line-${number % 3}`} d="M1 4h26" />
						</svg>
						{line.name}
					</li>
				))}
			</ul>
		</figure>
	);
}

function inWords(curve: Curve): string {
	const lines = curve.lines.map(
		({ name, y }) => `${name}: from ${short(y[0] ?? 0)} to ${short(y[y.length - 1] ?? 0)}`,
	);
	return `${curve.name}. ${lines.join("; ")}.`;
}

function round(value: number): number {
	return Number(value.toFixed(2));
}
