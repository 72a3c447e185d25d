// The layers of one's own net: add, change, move, take away; by hand and by keys.

import { useSignal } from "@preact/signals";
import { Button } from "../../parts/controls.tsx";
import { called, conv, type Layer, MOST_LAYERS, POOL, read, UP } from "./layers.ts";
import { PRESETS } from "./presets.ts";

interface LayerListProps {
	readonly layers: readonly Layer[];
	readonly change: (layers: readonly Layer[]) => void;
}

export function LayerList({ layers, change }: LayerListProps) {
	const dragged = useSignal(-1);
	const isFull = layers.length >= MOST_LAYERS;
	const add = (layer: Layer) => change([...layers, layer]);
	return (
		<div class="screen-controls">
			<label class="pull-the-string-preset">
				Begin with{" "}
				<select
					value=""
					onChange={(event) => {
						if (event.currentTarget.value) change(read(event.currentTarget.value));
						event.currentTarget.value = "";
					}}
				>
					<option value="">a net …</option>
					{PRESETS.map(([name, text]) => (
						<option key={name} value={text}>
							{name}
						</option>
					))}
				</select>
			</label>
			<ol class="pull-the-string-layers" aria-label="Layers, from the image on">
				{layers.map((layer, number) => (
					<li
						key={number}
						draggable
						class={dragged.value === number ? "is-dragged" : ""}
						onDragStart={() => {
							dragged.value = number;
						}}
						onDragOver={(event) => {
							event.preventDefault();
							if (dragged.value < 0 || dragged.value === number) return;
							change(moved(layers, dragged.value, number));
							dragged.value = number;
						}}
						onDragEnd={() => {
							dragged.value = -1;
						}}
					>
						<LayerRow
							layer={layer}
							number={number}
							count={layers.length}
							set={(next) => change(layers.with(number, next))}
							move={(by) => change(moved(layers, number, number + by))}
							remove={() => change(layers.toSpliced(number, 1))}
						/>
					</li>
				))}
			</ol>
			<div class="pull-the-string-add">
				<Button isDisabled={isFull} onClick={() => add(conv())}>
					+ conv
				</Button>
				<Button isDisabled={isFull} onClick={() => add(POOL)}>
					+ pool
				</Button>
				<Button isDisabled={isFull} onClick={() => add(UP)}>
					+ upsample
				</Button>
			</div>
			<p class="small soft">
				Drag a layer to another place, or use its arrows. The image lies before the first.
			</p>
		</div>
	);
}

interface LayerRowProps {
	readonly layer: Layer;
	readonly number: number;
	readonly count: number;
	readonly set: (layer: Layer) => void;
	readonly move: (by: number) => void;
	readonly remove: () => void;
}

function LayerRow({ layer, number, count, set, move, remove }: LayerRowProps) {
	const name = `layer ${number + 1}, ${called(layer)}`;
	return (
		<>
			<span class="pull-the-string-kind">{layer.kind === "conv" ? "conv" : called(layer)}</span>
			<span class="pull-the-string-sizes">
				{layer.kind === "conv" && (
					<>
						<Size
							label="size"
							of={name}
							value={layer.size}
							values={[1, 3, 5, 7]}
							set={(size) => set({ ...layer, size })}
						/>
						<Size
							label="stride"
							of={name}
							value={layer.stride}
							values={[1, 2]}
							set={(stride) => set({ ...layer, stride })}
						/>
						<Size
							label="dilation"
							of={name}
							value={layer.dilation}
							values={[1, 2, 4]}
							set={(dilation) => set({ ...layer, dilation })}
						/>
					</>
				)}
			</span>
			<Button label={`move ${name} towards the image`} isDisabled={number === 0} onClick={() => move(-1)}>
				↑
			</Button>
			<Button
				label={`move ${name} away from the image`}
				isDisabled={number === count - 1}
				onClick={() => move(1)}
			>
				↓
			</Button>
			<Button label={`take ${name} away`} isDisabled={count === 1} onClick={remove}>
				×
			</Button>
		</>
	);
}

interface SizeProps {
	readonly label: string;
	readonly of: string;
	readonly value: number;
	readonly values: readonly number[];
	readonly set: (value: number) => void;
}

function Size({ label, of, value, values, set }: SizeProps) {
	return (
		<label class="small">
			<span class="soft">{label}</span>
			<select
				aria-label={`${label} of ${of}`}
				value={value}
				onChange={(event) => set(Number(event.currentTarget.value))}
			>
				{values.map((each) => (
					<option key={each} value={each}>
						{each}
					</option>
				))}
			</select>
		</label>
	);
}

function moved(layers: readonly Layer[], from: number, to: number): readonly Layer[] {
	return layers.toSpliced(from, 1).toSpliced(to, 0, layers[from] as Layer);
}
