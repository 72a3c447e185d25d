// Controls that set a value of the view. Each is the browser's own control with our looks, so every key works.

import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useOwnId } from "./own-id.ts";

interface SliderProps {
	readonly label: string;
	readonly value: Signal<number>;
	readonly min: number;
	readonly max: number;
	readonly step: number;
	/** How the number is said; the default is the number itself. */
	readonly say?: (value: number) => string;
}

/** A number between two limits. */
export function Slider({ label, value, min, max, step, say = String }: SliderProps) {
	const id = useOwnId(); // said, because a label would otherwise belong to the output, the first control in it
	return (
		<label class="slider" for={id}>
			<span>{label}</span>
			<output>{say(value.value)}</output>
			<input
				id={id}
				type="range"
				min={min}
				max={max}
				step={step}
				value={value.value}
				aria-valuetext={say(value.value)}
				onInput={(event) => {
					value.value = event.currentTarget.valueAsNumber;
				}}
			/>
		</label>
	);
}

interface StopsProps {
	readonly label: string;
	readonly value: Signal<number>;
	/** What the value can be, in the order of the slider. */
	readonly stops: readonly number[];
	readonly say?: (value: number) => string;
}

/** A slider over values that are not equally far apart; a value between two stops stands at the nearer one. */
export function Stops({ label, value, stops, say = String }: StopsProps) {
	const id = useOwnId();
	return (
		<label class="slider" for={id}>
			<span>{label}</span>
			<output>{say(value.value)}</output>
			<input
				id={id}
				type="range"
				min={0}
				max={stops.length - 1}
				step={1}
				value={nearest(stops, value.value)}
				aria-valuetext={say(value.value)}
				onInput={(event) => {
					value.value = stops[event.currentTarget.valueAsNumber]!;
				}}
			/>
		</label>
	);
}

function nearest(stops: readonly number[], value: number): number {
	const away = stops.map((stop) => Math.abs(stop - value));
	return away.indexOf(Math.min(...away));
}

interface ChoiceProps<Word extends string> {
	readonly label: string;
	readonly value: Signal<Word>;
	/** The words that the value takes, and what each is called. */
	readonly options: readonly (readonly [Word, string])[];
}

/** One of a few. */
export function Choice<Word extends string>({ label, value, options }: ChoiceProps<Word>) {
	const group = useOwnId(); // arrow keys go from one to the next within a name
	return (
		<fieldset class="choice">
			<legend>{label}</legend>
			<div class="choice-options">
				{options.map(([word, called]) => (
					<label key={word}>
						<input
							type="radio"
							name={group}
							checked={value.value === word}
							onChange={() => {
								value.value = word;
							}}
						/>
						{called}
					</label>
				))}
			</div>
		</fieldset>
	);
}

/** On or off. */
export function Toggle({ label, value }: { readonly label: string; readonly value: Signal<boolean> }) {
	return (
		<label class="toggle">
			<input
				type="checkbox"
				checked={value.value}
				onChange={(event) => {
					value.value = event.currentTarget.checked;
				}}
			/>
			{label}
		</label>
	);
}

interface ButtonProps {
	readonly onClick: () => void;
	readonly children: ComponentChildren;
	readonly isMain?: boolean;
	readonly isPressed?: boolean;
	readonly isDisabled?: boolean;
	readonly label?: string;
}

/** Something to do. */
export function Button({ onClick, children, isMain, isPressed, isDisabled, label }: ButtonProps) {
	return (
		<button
			type="button"
			class={isMain ? "button is-main" : "button"}
			aria-pressed={isPressed}
			aria-label={label}
			disabled={isDisabled}
			onClick={onClick}
		>
			{children}
		</button>
	);
}
