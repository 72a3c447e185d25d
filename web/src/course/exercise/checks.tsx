// The checks of an exercise: what each asks, what it says, its picture, and hints one step at a time.

import { useSignal } from "@preact/signals";
import { Button } from "../../parts/controls.tsx";
import { Prose } from "../prose.tsx";
import type { About, Exercise } from "../told.ts";
import type { Checked, Running, Seen as Shown } from "./running.ts";
import { rangeOf, Seen } from "./seen.tsx";

interface ChecksProps {
	readonly exercise: Exercise;
	/** What is asked; null until the coach has said it. */
	readonly about: About | null;
	readonly running: Running;
}

export function Checks({ exercise, about, running }: ChecksProps) {
	const checked = running.checked.value;
	const passed = checked.filter((each) => each.passed).length;
	const total = about?.checks.length ?? 0;
	return (
		<section class="checks" aria-label="Checks">
			<h3>Checks</h3>
			{!about && <p class="soft small">The checks are made ready …</p>}
			<p class="for-readers" role="status">
				{checked.length > 0 && checked.length === total && `${passed} of ${total} checks passed.`}
			</p>
			{total > 0 && checked.length === total && passed === total && (
				<p class="checks-all">✓ All {total} checks pass.</p>
			)}
			<ol>
				{about?.checks.map((check) => (
					<One
						key={check.name}
						title={check.title}
						hints={exercise.hints[check.name] ?? []}
						checked={checked.find((each) => each.name === check.name) ?? null}
					/>
				))}
			</ol>
		</section>
	);
}

interface OneProps {
	readonly title: string;
	readonly hints: readonly string[];
	readonly checked: Checked | null;
}

function One({ title, hints, checked }: OneProps) {
	const state = !checked || checked.unwritten ? "open" : checked.passed ? "passed" : "failed";
	return (
		<li class={`check is-${state}`}>
			<p class="check-title">
				<span class="check-mark" aria-hidden="true">
					{{ open: "○", passed: "✓", failed: "✗" }[state]}
				</span>
				<span>
					{title}
					<span class="for-readers">
						:{" "}
						{
							{
								open: checked ? "not written yet" : "not checked yet",
								passed: "passed",
								failed: "not passed",
							}[state]
						}
					</span>
				</span>
			</p>
			{checked && <Said sentence={checked.sentence} />}
			{checked && checked.panels.length > 0 && <Panels checked={checked} />}
			{state !== "passed" && hints.length > 0 && <Hints hints={hints} title={title} />}
		</li>
	);
}

/** Input, yours, expected, difference: what is compared has the same colours. */
function Panels({ checked }: { readonly checked: Checked }) {
	const pictures = (
		<div class="check-panels">
			{checked.panels.map((panel, number) => (
				<Seen key={number} seen={panel} range={rangeFor(panel, checked.panels)} />
			))}
		</div>
	);
	if (!checked.passed) return pictures;
	return (
		<details>
			<summary>look at it</summary>
			{pictures}
		</details>
	);
}

const COMPARED = ["yours", "expected"];

function rangeFor(panel: Shown, panels: readonly Shown[]) {
	if (!panel.array || !COMPARED.includes(panel.title)) return undefined;
	return rangeOf(panels.filter((each) => COMPARED.includes(each.title) && each.array));
}

function Hints({ hints, title }: { readonly hints: readonly string[]; readonly title: string }) {
	const shown = useSignal(0);
	return (
		<div class="hints">
			{hints.slice(0, shown.value).map((hint, number) => (
				<div key={number} class="hint">
					<span class="hint-number">
						Hint {number + 1} of {hints.length}
					</span>
					<Prose html={hint} />
				</div>
			))}
			{shown.value < hints.length && (
				<Button
					label={`${shown.value === 0 ? "A hint" : "Another hint"}: ${title}`}
					onClick={() => {
						shown.value = shown.peek() + 1;
					}}
				>
					{shown.value === 0 ? "A hint" : "Another hint"}
				</Button>
			)}
		</div>
	);
}

/** A sentence of a check; names of the program stand between backticks. */
function Said({ sentence }: { readonly sentence: string }) {
	return (
		<p class="check-sentence">
			{sentence.split("`").map((part, number) => (number % 2 ? <code key={number}>{part}</code> : part))}
		</p>
	);
}
