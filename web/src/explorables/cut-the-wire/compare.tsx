// Side by side: what the net answers that has all skips, and the one that was trained without those that are cut.

import { useMemo } from "preact/hooks";
import { Raster } from "../../parts/raster.tsx";
import type { Picture } from "../../picture.ts";
import type { Answer } from "./answers.ts";
import { OffChart } from "./off-chart.tsx";
import { outline } from "./outline.ts";
import { Scores } from "./scores.tsx";
import { probe, type View } from "./view.ts";
import { levelsOf } from "./wirings.ts";

const DETAIL = 40; // pixels across what is enlarged

interface Props {
	readonly picture: Picture;
	readonly view: View;
	readonly whole: Answer | undefined;
	readonly cut: Answer | undefined;
}

export function Compare({ picture, view, whole, cut }: Props) {
	const levels = levelsOf(view.wiring.value).map((level) => level + 1);
	const name = levels.length === 0 ? "no skip is cut yet" : `without the skip of level ${levels.join(", ")}`;
	const truth = useMemo(() => (picture.truth ? outline(picture.truth) : ""), [picture]);
	const shared = { picture, view, truth };
	return (
		<section class="cut-the-wire-compare">
			<h2>What the nets answer</h2>
			<p>
				To cut a skip of a trained net would only break it: its way up was never taught to do without. So here
				every cut asks a small net of its own, trained from the start without those skips, on the same images
				for the same number of steps. All else is equal, but that a net without a skip has fewer weights.
			</p>
			<p>
				Every pooling tells the net more of <strong>what</strong> is around a pixel and less of{" "}
				<strong>where</strong> exactly. The way up gets "what" from below; "where" it can only guess, or read
				from a skip.
			</p>
			<div class="cut-the-wire-pair">
				<Answered {...shared} answer={whole} title="with all skips" name="whole" />
				<Answered {...shared} answer={cut} title={name} name="cut" />
				<div class="screen">
					<Scores whole={whole} cut={cut} />
					<OffChart whole={whole?.judged} cut={cut?.judged} />
				</div>
			</div>
			<p class="small soft">
				<span class="cut-the-wire-key is-found" /> found, solid&ensp;
				{picture.truth && (
					<>
						<span class="cut-the-wire-key is-truth" /> truth, dashed&ensp;
					</>
				)}
				Below each picture: the place around the followed pixel, enlarged. Move it to the border of a nucleus.
				Outlines are measured where a nucleus was clearly found (IoU 0.75). How many are found, and which are
				taken for one, differs by chance between such short trainings: look at the outlines.
			</p>
		</section>
	);
}

interface AnsweredProps {
	readonly picture: Picture;
	readonly view: View;
	readonly truth: string;
	readonly answer: Answer | undefined;
	readonly title: string;
	readonly name: string;
}

function Answered({ picture, view, truth, answer, title, name }: AnsweredProps) {
	const [height = 0, width = 0] = picture.pixels.shape;
	const at = probe(view, height, width);
	const found = useMemo(() => (answer ? outline(answer.labels) : ""), [answer]);
	const side = Math.min(DETAIL, height, width);
	const top = Math.min(height - side, Math.max(0, at.y - side / 2));
	const left = Math.min(width - side, Math.max(0, at.x - side / 2));
	const detail = useMemo(() => crop(picture, top, left, side), [picture, top, left, side]);
	const shared = { low: picture.low, high: picture.high };
	return (
		<div class="cut-the-wire-answer">
			<h3>{title}</h3>
			<Raster
				{...shared}
				label={`${picture.name} with the outlines of ${answer?.found ?? "the"} nuclei found ${title}`}
				height={height}
				width={width}
				values={picture.pixels.data}
				handle={{ label: `enlarged place, ${name === "cut" ? "cut" : "all skips"}`, at, move: view.move }}
			>
				<path class="cut-the-wire-truth" d={truth} vector-effect="non-scaling-stroke" />
				<path class="cut-the-wire-found" d={found} vector-effect="non-scaling-stroke" />
				<rect
					class="cut-the-wire-cell"
					x={left}
					y={top}
					width={side}
					height={side}
					vector-effect="non-scaling-stroke"
				/>
			</Raster>
			<Raster
				{...shared}
				label={`the place around the followed pixel, ${title}`}
				height={side}
				width={side}
				values={detail}
			>
				<g transform={`translate(${-left} ${-top})`}>
					<path class="cut-the-wire-truth is-large" d={truth} vector-effect="non-scaling-stroke" />
					<path class="cut-the-wire-found is-large" d={found} vector-effect="non-scaling-stroke" />
				</g>
			</Raster>
		</div>
	);
}

function crop(picture: Picture, top: number, left: number, side: number): Float32Array {
	const width = picture.pixels.shape[1] ?? 0;
	const part = new Float32Array(side * side);
	for (let y = 0; y < side; y++) {
		const from = (top + y) * width + left;
		part.set(picture.pixels.data.subarray(from, from + side), y * side);
	}
	return part;
}
