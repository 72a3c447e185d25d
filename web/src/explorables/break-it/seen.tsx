// The picture as the net is given it, with what it found: right, wrong, and what it missed.

import { useMemo } from "preact/hooks";
import { Raster } from "../../parts/raster.tsx";
import type { Broken } from "./answer.ts";
import { framed } from "./framed.ts";
import { outlines } from "./outlines.ts";

interface SeenProps {
	readonly answer: Broken;
	readonly name: string;
	/** Of the frame, in pixels: that of the picture before it was harmed. */
	readonly height: number;
	readonly width: number;
}

export function Seen({ answer, name, height, width }: SeenProps) {
	const frame = useMemo(() => framed(answer.pixels, height, width), [answer, height, width]);
	const drawn = useMemo(() => {
		const found = [...outlines(answer.labels)];
		const right = new Set(answer.right);
		const hit = new Set(answer.hit);
		const there = answer.truth ? [...outlines(answer.truth)] : [];
		const joined = (paths: [number, string][]) => paths.map(([, path]) => path).join("");
		return {
			right: joined(found.filter(([label]) => right.has(label))),
			other: joined(found.filter(([label]) => !right.has(label))),
			missed: joined(there.filter(([label]) => !hit.has(label))),
		};
	}, [answer]);
	const isKnown = answer.truth !== null;
	const [tall = 0, wide = 0] = answer.pixels.shape;
	return (
		<Raster
			label={`${name}, altered, with the outlines of what the net found`}
			height={height}
			width={width}
			values={frame.values}
			low={answer.low}
			high={answer.high}
			caption={
				<>
					<Key kind="right" shown={isKnown}>
						found, right
					</Key>
					<Key kind={isKnown ? "wrong" : "found"} shown>
						{isKnown ? "found, wrong" : "found"}
					</Key>
					<Key kind="missed" shown={isKnown}>
						missed
					</Key>
					<span>
						{tall} × {wide} pixels
					</span>
				</>
			}
		>
			<g transform={`translate(${frame.left} ${frame.top})`} class="break-it-outlines">
				<path class="is-missed" d={drawn.missed} />
				<path class={isKnown ? "is-wrong" : "is-found"} d={drawn.other} />
				<path class="is-right" d={drawn.right} />
			</g>
		</Raster>
	);
}

function Key(props: { readonly kind: string; readonly shown: boolean; readonly children: string }) {
	if (!props.shown) return null;
	return (
		<span class="break-it-key">
			<svg viewBox="0 0 28 8" aria-hidden="true" class="break-it-outlines">
				<path class={`is-${props.kind}`} d="M1 4h26" />
			</svg>
			{props.children}
		</span>
	);
}
