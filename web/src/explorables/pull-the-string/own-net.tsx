// A net built from layers: what one position of its answer sees, counted.

import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Slider, Toggle } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst, useTurns } from "../../parts/predict-first.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { LayerList } from "./layer-list.tsx";
import { called, read, write } from "./layers.ts";
import { BORDER, FIELD, ORDER } from "./predictions.ts";
import { PRESETS } from "./presets.ts";
import { byWrongRule, cone, seesBorder, span, views } from "./sight.ts";
import { Strip } from "./strip.tsx";

const FARTHEST = 12; // output positions to each side that the string can be pulled at

export function OwnNet({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const set = useMemo(
		() => ({
			net: bench.state.text("net", PRESETS[0]![1]),
			position: bench.state.number("position", 0, { min: -FARTHEST, max: FARTHEST }),
			diameter: bench.state.number("diameter", 28, { min: 4, max: 120 }),
			wrong: bench.state.flag("wrong", false),
		}),
		[bench],
	);
	const layers = useMemo(() => read(set.net.value), [set.net.value]);
	const seen = useMemo(() => views(layers), [layers]);
	const position = Math.round(set.position.value);
	const pulled = useMemo(
		() => ({ rows: cone(layers, position), span: span(layers, position) }),
		[layers, position],
	);
	const { step, field } = seen.at(-1) ?? { step: 1, field: 1 };
	const middle = Math.floor(position * step);
	const isSeen = seesBorder(pulled.span, middle, set.diameter.value);
	const turn = useTurns();
	useDrawn(root, `${set.net.value} ${position} ${set.diameter.value}`);
	return (
		<div class="screen" ref={root}>
			<PredictFirst bench={bench} {...turn(0)} {...FIELD}>
				<div class="screen-split">
					<div class="screen">
						<Strip
							layers={layers}
							rows={pulled.rows}
							position={position}
							farthest={FARTHEST}
							diameter={set.diameter.value}
							pull={(to) => {
								set.position.value = to;
							}}
						/>
						<ReadOuts>
							<ReadOut label="receptive field, pixels across" name="field">
								{field}
							</ReadOut>
							<ReadOut label="step: pixels from dot to dot" name="step">
								{step}
							</ReadOut>
							<ReadOut label="border visible from the centre" name="border">
								{isSeen ? "yes" : "no"}
							</ReadOut>
							<ReadOut label="this position sees pixels" name="span">
								{pulled.span[0]} to {pulled.span[1]}
							</ReadOut>
						</ReadOuts>
						<Slider
							label="Diameter of the nucleus"
							value={set.diameter}
							min={4}
							max={120}
							step={1}
							say={pixels}
						/>
						<FieldTable
							layers={layers.map(called)}
							seen={seen}
							wrong={set.wrong.value ? byWrongRule(layers) : null}
						/>
						<Toggle label="Compare with the rule “pooling doubles the field”" value={set.wrong} />
						{set.wrong.value && (
							<p class="small soft">
								The rule is often read and wrong. It agrees by chance where a pooling and two 3 × 3
								convolutions follow each other. Pooling spreads the dots; the layers behind it then reach
								further.
							</p>
						)}
					</div>
					<LayerList
						layers={layers}
						change={(next) => {
							set.net.value = write(next);
						}}
					/>
				</div>
			</PredictFirst>
			{bench.predictFirst.value && (
				<>
					<PredictFirst bench={bench} {...turn(1)} {...ORDER} />
					<PredictFirst bench={bench} {...turn(2)} {...BORDER} />
				</>
			)}
		</div>
	);
}

interface FieldTableProps {
	readonly layers: readonly string[];
	readonly seen: readonly { readonly step: number; readonly field: number }[];
	readonly wrong: readonly number[] | null;
}

function FieldTable({ layers, seen, wrong }: FieldTableProps) {
	return (
		<div class="pull-the-string-scroll">
			<table class="pull-the-string-table">
				<thead>
					<tr>
						<th scope="col">behind</th>
						<th scope="col">step</th>
						<th scope="col">field</th>
						{wrong && <th scope="col">by the wrong rule</th>}
					</tr>
				</thead>
				<tbody>
					{layers.map((layer, number) => (
						<tr key={number}>
							<th scope="row">{layer}</th>
							<td>{seen[number]?.step}</td>
							<td>{seen[number]?.field}</td>
							{wrong && (
								<td class={wrong[number] === seen[number]?.field ? "" : "pull-the-string-wrong"}>
									{wrong[number]}
									{wrong[number] !== seen[number]?.field && " ✗"}
								</td>
							)}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function pixels(value: number): string {
	return `${value} pixels`;
}
