// The weights, one field each: typed, stepped by arrow keys, or dragged up and down.

import { useLayoutEffect, useRef } from "preact/hooks";
import { sideOf } from "./convolution.ts";
import type { View } from "./view.ts";

const STEP = 0.1; // of a weight, for keys and for eight pixels of dragging
const SHOWN = 0.0005; // what is closer looks the same with three decimals

export function Weights({ view }: { readonly view: View }) {
	const kernel = view.kernel.value;
	const side = sideOf(kernel);
	return (
		<fieldset class="kernel-bench-weights" style={{ gridTemplateColumns: `repeat(${side}, 1fr)` }}>
			<legend>Weights: type, press arrows, or drag</legend>
			{kernel.map((weight, i) => (
				<Weight
					key={`${side} ${i}`}
					name={`weight in row ${Math.floor(i / side) + 1}, column ${(i % side) + 1}`}
					value={weight}
					set={(to) => view.setWeight(i, to)}
				/>
			))}
		</fieldset>
	);
}

interface WeightProps {
	readonly name: string;
	readonly value: number;
	readonly set: (value: number) => void;
}

function Weight({ name, value, set }: WeightProps) {
	const field = useRef<HTMLInputElement>(null);
	const held = useRef({ y: 0, value: 0 });
	useLayoutEffect(() => {
		// the field is left alone while it says the value: half a number, such as "-0.", is on its way to being one
		const input = field.current;
		if (input && !(Math.abs(input.valueAsNumber - value) < SHOWN)) input.value = said(value);
	}, [value]);
	return (
		<input
			ref={field}
			type="number"
			aria-label={name}
			step={STEP}
			onInput={(event) => {
				const to = event.currentTarget.valueAsNumber;
				if (Number.isFinite(to)) set(to);
			}}
			onBlur={(event) => {
				event.currentTarget.value = said(value);
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

function said(value: number): string {
	return String(Number(value.toFixed(3)));
}
