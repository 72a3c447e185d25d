// What is set: weights, presets, the lock of their sum, turning, padding and stride.

import { useRef } from "preact/hooks";
import { Button, Choice } from "../../parts/controls.tsx";
import { resized, sideOf } from "./convolution.ts";
import { PRESETS } from "./presets.ts";
import type { View } from "./view.ts";

const STEP = 0.1; // of a weight, for keys and for eight pixels of dragging

export function KernelControls({ view }: { readonly view: View }) {
	const kernel = view.kernel.value;
	const side = sideOf(kernel);
	const preset = (weights: readonly number[]) => view.setKernel(resized(weights, side));
	return (
		<div class="screen-controls">
			<fieldset class="kernel-bench-weights" style={{ gridTemplateColumns: `repeat(${side}, 1fr)` }}>
				<legend>Weights: type, use arrow keys, or drag up and down</legend>
				{kernel.map((weight, i) => (
					<Weight
						key={i}
						name={`weight in row ${Math.floor(i / side) + 1}, column ${(i % side) + 1}`}
						value={weight}
						set={(to) => view.setWeight(i, to)}
					/>
				))}
			</fieldset>
			<div class="kernel-bench-presets">
				{PRESETS.map(([name, about, weights]) => (
					<button key={name} type="button" class="button" title={about} onClick={() => preset(weights)}>
						{name}
					</button>
				))}
				<Button onClick={() => view.setKernel(kernel.map(() => Math.round(20 * Math.random() - 10) / 10))}>
					Random
				</Button>
			</div>
			<fieldset class="choice">
				<legend>Side</legend>
				<div class="choice-options">
					{[3, 5].map((each) => (
						<label key={each}>
							<input
								type="radio"
								name="kernel-bench-side"
								checked={side === each}
								onChange={() => view.setKernel(resized(kernel, each))}
							/>
							{each} × {each}
						</label>
					))}
				</div>
			</fieldset>
			<Choice
				label="Keep their sum at"
				value={view.sum}
				options={[
					["free", "any"],
					["0", "0"],
					["1", "1"],
				]}
			/>
			<Choice
				label="As"
				value={view.turned}
				options={[
					["no", "correlation"],
					["yes", "convolution"],
				]}
			/>
			<Choice
				label="Padding"
				value={view.padding}
				options={[
					["zeros", "zeros"],
					["reflect", "mirrored"],
					["none", "none"],
				]}
			/>
			<Choice
				label="Stride"
				value={view.stride}
				options={[
					["1", "1"],
					["2", "2"],
					["4", "4"],
				]}
			/>
			<p class="small soft">
				Nets lay the kernel on as it is, which is a correlation, and call it convolution. A convolution turns
				the kernel by half first; learned weights make up for that.
			</p>
		</div>
	);
}

interface WeightProps {
	readonly name: string;
	readonly value: number;
	readonly set: (value: number) => void;
}

function Weight({ name, value, set }: WeightProps) {
	const held = useRef({ y: 0, value: 0 });
	return (
		<input
			type="number"
			aria-label={name}
			step={STEP}
			value={Number(value.toFixed(3))}
			onInput={(event) => {
				const to = event.currentTarget.valueAsNumber;
				if (Number.isFinite(to)) set(to);
			}}
			onPointerDown={(event) => {
				held.current = { y: event.clientY, value };
				event.currentTarget.setPointerCapture(event.pointerId);
			}}
			onPointerMove={(event) => {
				if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
				const steps = Math.round((held.current.y - event.clientY) / 8);
				if (steps !== 0) set(Math.round((held.current.value + steps * STEP) * 1000) / 1000);
			}}
		/>
	);
}
