// An array as a picture: an image, labels, colours, a curve; small ones with their numbers. Or a text.

import { useMemo } from "preact/hooks";
import { ColourBar } from "../../parts/colour-bar.tsx";
import { type ColourMap, colour, inkOn, paintColours, paintLabels } from "../../parts/colour-maps.ts";
import { Raster } from "../../parts/raster.tsx";
import type { Seen as Shown } from "./running.ts";

/** The lowest and the highest number that have a colour. */
export interface Range {
	readonly low: number;
	readonly high: number;
}

const MOST_NUMBERED = 5; // along a side: more would be too small to read

export function Seen({ seen, range }: { readonly seen: Shown; readonly range?: Range | undefined }) {
	const { title, array, text } = seen;
	if (!array) {
		return (
			<figure class="seen is-text">
				<figcaption>{title}</figcaption>
				<pre>{text}</pre>
			</figure>
		);
	}
	const used = range ?? rangeOf([seen]);
	if (array.shape.length === 1) return <Curve seen={seen} range={used} />;
	return <Picture seen={seen} range={used} />;
}

/** The range of several arrays that are to be compared; around zero for signed ones. */
export function rangeOf(all: readonly Shown[]): Range {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (const { array } of all) {
		for (const value of array?.data ?? []) {
			if (!Number.isFinite(value)) continue;
			if (value < low) low = value;
			if (value > high) high = value;
		}
	}
	if (low > high) return { low: 0, high: 1 };
	if (!all.some((each) => each.signed)) return { low, high };
	const most = Math.max(Math.abs(low), Math.abs(high));
	return { low: -most, high: most };
}

function Picture({ seen, range }: { readonly seen: Shown; readonly range: Range }) {
	const { title, signed, integer, every } = seen;
	const array = seen.array!;
	const [height = 1, width = 1] = array.shape;
	const isColours = array.shape.length === 3;
	const isFlat = range.low === range.high;
	const own = useMemo(() => rangeOf([{ ...seen, signed: false }]), [seen]);
	const map: ColourMap = signed ? "signed" : "grey";
	const isNumbered = !isColours && Math.max(height, width) <= MOST_NUMBERED;
	return (
		<div class="seen">
			<Raster
				label={`${title}: ${size(seen)}${isColours || integer ? "" : `, from ${short(own.low)} to ${short(own.high)}`}`}
				height={height}
				width={width}
				values={array.data}
				low={isFlat ? range.low - 0.5 : range.low}
				high={isFlat ? range.high + 0.5 : range.high}
				map={map}
				{...(isColours ? { painter: paintColours } : integer ? { painter: paintLabels } : {})}
				caption={
					<>
						<span>{title}</span>
						<span>
							{size(seen)}
							{every > 1 && `, every ${every}th`}
							{!isColours && !integer && `, ${short(own.low)} … ${short(own.high)}`}
						</span>
					</>
				}
			>
				{isNumbered &&
					Array.from(array.data, (value, at) => (
						<text
							key={at}
							x={(at % width) + 0.5}
							y={Math.floor(at / width) + 0.5}
							text-anchor="middle"
							dominant-baseline="central"
							font-size={0.32}
							fill={
								integer
									? "#ffffff"
									: inkOn(colour(value, range.low, isFlat ? range.high + 1 : range.high, map))
							}
							class={integer ? "seen-number is-label" : "seen-number"}
						>
							{short(value)}
						</text>
					))}
			</Raster>
			{signed && !isColours && <ColourBar map="signed" low={short(range.low)} high={short(range.high)} />}
		</div>
	);
}

const HEIGHT = 60; // of a curve, in units of its drawing
const WIDTH = 160;

function Curve({ seen, range }: { readonly seen: Shown; readonly range: Range }) {
	const data = seen.array!.data;
	const span = range.high - range.low || 1;
	const last = Math.max(1, data.length - 1);
	const points = Array.from(data, (value, at) =>
		Number.isFinite(value) ? `${(at / last) * WIDTH},${HEIGHT - ((value - range.low) / span) * HEIGHT}` : "",
	).filter(Boolean);
	return (
		<figure class="seen">
			<svg
				class="seen-curve"
				viewBox={`-3 -3 ${WIDTH + 6} ${HEIGHT + 6}`}
				role="img"
				aria-label={`${seen.title}: ${data.length} numbers from ${short(range.low)} to ${short(range.high)}`}
			>
				<polyline points={points.join(" ")} />
			</svg>
			<figcaption>
				<span>{seen.title}</span>
				<span>
					{size(seen)} numbers{seen.every > 1 && `, every ${seen.every}th`}, {short(range.low)} …{" "}
					{short(range.high)}
				</span>
			</figcaption>
		</figure>
	);
}

function size(seen: Shown): string {
	return seen.shape.slice(0, 2).join(" × ");
}

/** A number in few digits. */
export function short(value: number): string {
	return String(Number(value.toPrecision(3))).replace("-", "−");
}
