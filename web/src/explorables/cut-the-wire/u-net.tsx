// The net drawn as a U: maps on the way down on the left, on the way up on the right, and between them the skips,
// which can be cut.

import { Raster } from "../../parts/raster.tsx";
import type { Picture } from "../../picture.ts";
import { DEPTH, type Stage } from "./answers.ts";
import { StageView } from "./stage-view.tsx";
import { probe, type View } from "./view.ts";
import { Wire } from "./wire.tsx";

interface Props {
	readonly picture: Picture;
	readonly view: View;
	readonly stages: readonly Stage[] | null;
	/** Wirings for which there are nets. */
}

export function UNet({ picture, view, stages }: Props) {
	const [height = 0, width = 0] = picture.pixels.shape;
	const at = probe(view, height, width);
	return (
		<section class="cut-the-wire-net" aria-label="The net">
			<div class="cut-the-wire-picture">
				<Raster
					label={`${picture.name}, the picture that the net is shown`}
					height={height}
					width={width}
					values={picture.pixels.data}
					low={picture.low}
					high={picture.high}
					handle={{ label: "pixel that is followed", at, move: view.move }}
					caption="the picture, and the pixel that is followed"
				>
					<Cells y={at.y} x={at.x} />
				</Raster>
				<p class="small">
					The maps are those of the shipped net nuclei-unet for this picture. Each level below has half the
					side: one of its pixels stands for 2, 4, 8 of the picture. Drag the pixel, here or in any map, or
					press arrow keys.
				</p>
				<p class="small">The arrows are the skips. Click on one to cut it, and see below what nets answer.</p>
			</div>
			<div class="cut-the-wire-u">
				{Array.from({ length: DEPTH }, (_, level) => (
					<>
						<StageView
							key={`down-${level}`}
							number={level}
							stages={stages}
							view={view}
							size={[height, width]}
						/>
						<Wire key={`wire-${level}`} level={level} view={view} stages={stages} />
						<StageView
							key={`up-${level}`}
							number={2 * DEPTH - level}
							stages={stages}
							view={view}
							size={[height, width]}
						/>
						<p key={`pool-${level}`} class="cut-the-wire-way small soft">
							<span aria-hidden="true">↓</span> pooled: half the side
						</p>
						<span key={`between-${level}`} />
						<p key={`upsample-${level}`} class="cut-the-wire-way small soft">
							<span aria-hidden="true">↑</span> upsampled: twice the side
						</p>
					</>
				))}
				<div class="cut-the-wire-bottom">
					<StageView number={DEPTH} stages={stages} view={view} size={[height, width]} />
				</div>
			</div>
		</section>
	);
}

/** What one pixel of each level covers of the picture. */
function Cells({ y, x }: { readonly y: number; readonly x: number }) {
	return (
		<>
			{Array.from({ length: DEPTH + 1 }, (_, level) => {
				const side = 2 ** level;
				return (
					<rect
						key={side}
						class="cut-the-wire-cell"
						x={Math.floor(x / side) * side}
						y={Math.floor(y / side) * side}
						width={side}
						height={side}
						vector-effect="non-scaling-stroke"
					/>
				);
			})}
		</>
	);
}
