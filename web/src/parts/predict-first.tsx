// Predict first: a result stays hidden until the learner has committed to what she expects.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Bench } from "../bench.ts";
import { Button } from "./controls.tsx";
import { useOwnId } from "./own-id.ts";

interface Option {
	readonly text: string;
	/** Why somebody would say so, and what is true: shown after the commitment. */
	readonly because: string;
}

/** Whether the questions before it are answered; until then a question waits, and so does what it hides. */
export interface Turn {
	readonly isTurn: boolean;
	readonly onCommitted: () => void;
}

interface PredictFirstProps extends Partial<Turn> {
	readonly bench: Bench;
	readonly question: string;
	readonly options: readonly Option[];
	/** Number of the right option. */
	readonly right: number;
	/** What stays hidden until then; without it the question stands for itself. */
	readonly children?: ComponentChildren;
}

/** Questions of one screen, one after the other: the n-th gets `{...turn(n)}`. */
export function useTurns(): (number: number) => Turn {
	const answered = useSignal(0);
	return (number) => ({
		isTurn: answered.value >= number,
		onCommitted: () => {
			answered.value = Math.max(answered.value, number + 1);
		},
	});
}

export function PredictFirst({
	bench,
	question,
	options,
	right,
	isTurn = true,
	onCommitted,
	children,
}: PredictFirstProps) {
	const chosen = useSignal(-1);
	const committed = useSignal(false);
	const name = useOwnId();
	if (!bench.predictFirst.value) return <>{children}</>;
	if (!isTurn) return null;
	return (
		<>
			<section class="predict-first" aria-labelledby={name}>
				<p class="predict-first-question" id={name}>
					{committed.value ? question : `Predict first: ${question}`}
				</p>
				<div class="predict-first-options" role="radiogroup" aria-labelledby={name}>
					{options.map((option, number) => (
						<label key={option.text}>
							<input
								type="radio"
								name={name}
								disabled={committed.value}
								checked={chosen.value === number}
								onChange={() => {
									chosen.value = number;
								}}
							/>
							<span>
								{option.text}
								{committed.value && (number === right || number === chosen.value) && (
									<span class={number === right ? "is-right" : "is-wrong"}>
										{number === right ? " ✓ right" : " ✗ not so"}
									</span>
								)}
								{committed.value && <span class="soft small"> {option.because}</span>}
							</span>
						</label>
					))}
				</div>
				{!committed.value && (
					<div>
						<Button
							isMain
							isDisabled={chosen.value < 0}
							onClick={() => {
								committed.value = true;
								onCommitted?.();
							}}
						>
							That is what I expect
						</Button>
					</div>
				)}
				<p class="for-readers" role="status">
					{committed.value &&
						(chosen.value === right ? "You were right." : `Right is: ${options[right]?.text}`)}
				</p>
			</section>
			{committed.value && children}
		</>
	);
}
