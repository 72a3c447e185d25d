// Pictures and numbers of a case, before and after its cause is known.

import { useMemo } from "preact/hooks";
import { Raster } from "../../parts/raster.tsx";
import { type Measured, type Picture, said } from "./cases.ts";
import { outlines } from "./outlines.ts";

export function Exhibit({ picture }: { readonly picture: Picture }) {
	const [height = 0, width = 0] = picture.pixels.shape;
	const [low, high] = picture.shown;
	const drawn = useMemo(
		() => ({
			found: picture.found ? joined(picture.found) : "",
			truth: picture.found && picture.truth ? joined(picture.truth) : "",
		}),
		[picture],
	);
	return (
		<Raster
			label={picture.sentence || picture.name}
			height={height}
			width={width}
			values={picture.pixels.data}
			low={low}
			high={high}
			caption={picture.sentence}
		>
			<g class="break-it-outlines">
				<path class="is-missed" d={drawn.truth} />
				<path class="is-found" d={drawn.found} />
				{picture.squares.map(({ y, x, side }) => (
					<rect
						key={`${y} ${x} ${side}`}
						class="detective-square"
						x={x - side / 2}
						y={y - side / 2}
						width={side}
						height={side}
					/>
				))}
			</g>
		</Raster>
	);
}

function joined(labels: NonNullable<Picture["found"]>): string {
	return [...outlines(labels).values()].join("");
}

/** What the lines over the pictures mean. */
export function Lines() {
	return (
		<p class="small soft detective-lines">
			<span class="break-it-key">
				<svg viewBox="0 0 28 8" aria-hidden="true" class="break-it-outlines">
					<path class="is-found" d="M1 4h26" />
				</svg>
				what the net found
			</span>
			<span class="break-it-key">
				<svg viewBox="0 0 28 8" aria-hidden="true" class="break-it-outlines">
					<path class="is-missed" d="M1 4h26" />
				</svg>
				what is there
			</span>
		</p>
	);
}

export function Numbers({ numbers }: { readonly numbers: readonly Measured[] }) {
	return (
		<table class="detective-numbers small">
			<tbody>
				{numbers.map((number) => (
					<tr key={number.key}>
						<th scope="row">{number.name}</th>
						<td data-read={`number-${number.key}`}>{said(number)}</td>
						<td>{number.low !== null && number.high !== null && <Share {...number} />}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Share({ value, low, high }: Measured) {
	const share = (value - (low ?? 0)) / ((high ?? 1) - (low ?? 0) || 1);
	return (
		<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
			<rect class="is-ground" width={100} height={8} />
			<rect class="is-share" width={100 * Math.min(1, Math.max(0, share))} height={8} />
		</svg>
	);
}
