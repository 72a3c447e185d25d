// One block of the net: one of the maps that it makes, the followed pixel in it, and its size.

import { Raster } from "../../parts/raster.tsx";
import { DEPTH, type Stage } from "./answers.ts";
import { probe, type View } from "./view.ts";

interface Props {
	/** Of the block, in the order in which the net goes through them. */
	readonly number: number;
	readonly stages: readonly Stage[] | null;
	readonly view: View;
	/** Of the picture. */
	readonly size: readonly [height: number, width: number];
}

export function StageView({ number, stages, view, size }: Props) {
	const stage = stages?.[number];
	const level = DEPTH - Math.abs(DEPTH - number);
	if (!stage)
		return (
			<div class={`cut-the-wire-stage is-waiting is-level-${level}`}>
				<div />
				<p class="small soft">
					the net is asked …<span class="cut-the-wire-here">&nbsp;</span>
				</p>
				<div class="cut-the-wire-stepper" />
			</div>
		);
	const [channels = 0, height = 0, width = 0] = stage.maps.shape;
	const rank = Math.min(channels - 1, Math.max(0, Math.round(view.ranks.value[number] ?? 0)));
	const map = stage.strongest.data[rank] as number;
	const peak = stage.peaks.data[map] as number;
	const values = mapOf(stage, map);
	const side = 2 ** stage.level;
	const at = probe(view, ...size);
	const cell = { y: Math.floor(at.y / side), x: Math.floor(at.x / side) };
	const value = ((values[cell.y * width + cell.x] as number) / 255) * peak;
	const name = `${NAMES[stage.part]}, ${height} by ${width}`;
	const choose = (to: number) => {
		view.ranks.value = view.ranks.value.map((old, i) => (i === number ? (to + channels) % channels : old));
	};
	return (
		<div class={`cut-the-wire-stage is-level-${stage.level}`}>
			<Raster
				label={`${name}: map ${map + 1} of ${channels}`}
				height={height}
				width={width}
				values={values}
				low={0}
				high={255}
				map="measure"
				handle={{
					label: `pixel in ${name}`,
					at: cell,
					move: (to) => view.move({ y: Math.floor(to.y) * side, x: Math.floor(to.x) * side }),
				}}
			>
				<rect
					class="cut-the-wire-cell"
					x={cell.x}
					y={cell.y}
					width={1}
					height={1}
					vector-effect="non-scaling-stroke"
				/>
				<circle
					class="cut-the-wire-ring"
					cx={cell.x + 0.5}
					cy={cell.y + 0.5}
					r={Math.max(2, width / 16)}
					vector-effect="non-scaling-stroke"
				/>
			</Raster>
			<p class="small">
				<strong>
					{height} × {width} × {channels}
				</strong>
				<span class="soft cut-the-wire-here">
					here <span data-read={`value-${number}`}>{value.toFixed(2)}</span>
				</span>
			</p>
			<div class="cut-the-wire-stepper">
				<button
					type="button"
					class="button"
					aria-label={`stronger map of ${name}`}
					onClick={() => choose(rank - 1)}
				>
					‹
				</button>
				<span class="small">
					<span class="cut-the-wire-word">map </span>
					{map + 1}
					<span class="for-readers">, number {rank + 1} in strength</span>
				</span>
				<button
					type="button"
					class="button"
					aria-label={`weaker map of ${name}`}
					onClick={() => choose(rank + 1)}
				>
					›
				</button>
			</div>
		</div>
	);
}

const NAMES = { down: "way down", middle: "bottom", up: "way up" };

const parts = new WeakMap<Stage, Map<number, Uint8Array>>();

/** One map; the same array again for the same map, so that it is not painted anew. */
function mapOf(stage: Stage, map: number): Uint8Array {
	const known = parts.get(stage) ?? new Map<number, Uint8Array>();
	parts.set(stage, known);
	const [, height = 0, width = 0] = stage.maps.shape;
	const made = known.get(map) ?? stage.maps.data.subarray(map * height * width, (map + 1) * height * width);
	known.set(map, made);
	return made;
}
