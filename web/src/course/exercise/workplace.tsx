// Where the learner works: an editor or lines to lay, and the buttons that run, check and stop.

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import { Button } from "../../parts/controls.tsx";
import { draftOf, forgetDraft } from "../progress.ts";
import type { Exercise, Puzzle } from "../told.ts";
import { useDraft } from "./draft.ts";
import { Editor } from "./editor.tsx";
import { type Order, readOrder, written } from "./laying.ts";
import { Parsons } from "./parsons.tsx";
import type { Running } from "./running.ts";
import { download } from "./taken.ts";

interface WritingProps {
	readonly exercise: Exercise;
	readonly rung: "fill" | "free";
	readonly running: Running;
	/** A check has come to its end. */
	readonly finished: () => void;
}

/** The rungs on which one writes. */
export function Writing({ exercise, rung, running, finished }: WritingProps) {
	const source = useSignal(draftOf(exercise.name, rung) ?? exercise.sources[rung]);
	const fresh = useSignal(0); // counts how often the editor begins anew
	const draft = useDraft(exercise.name, rung);
	const start = (check: boolean) => {
		draft.keep();
		void running
			.start({ exercise: exercise.name, rung, check, source: source.peek() })
			.then(() => check && finished());
	};
	const failed = useSignal<Problem | null>(null);
	const take = (form: "py" | "ipynb") => {
		failed.value = null;
		download(exercise.name, source.peek(), form).catch((error: unknown) => {
			failed.value = asProblem(error);
		});
	};
	return (
		<div class="workplace">
			<Editor
				text={source.peek()}
				fresh={fresh.value}
				label="your program. Tab indents. To leave the editor, press Escape, then Tab."
				run={() => start(false)}
				changed={(text) => {
					source.value = text;
					draft.changed(text);
				}}
			/>
			<Buttons running={running} start={start} />
			<div class="button-row">
				<Reset
					what="your program on this rung"
					reset={() => {
						draft.drop();
						source.value = exercise.sources[rung];
						fresh.value += 1;
						void forgetDraft(exercise.name, rung);
					}}
				/>
				<Button onClick={() => take("py")}>Download .py</Button>
				<Button onClick={() => take("ipynb")}>Download .ipynb</Button>
			</div>
			{failed.value && <ProblemNote problem={failed.value} />}
		</div>
	);
}

interface LayingProps extends Omit<WritingProps, "rung"> {
	readonly puzzle: Puzzle;
}

/** The rung on which lines are laid. */
export function Laying({ exercise, puzzle, running, finished }: LayingProps) {
	const order: Signal<Order> = useSignal(readOrder(puzzle, draftOf(exercise.name, "parsons")));
	const draft = useDraft(exercise.name, "parsons");
	const now = order.value;
	useEffect(() => {
		if (now.length > 0) draft.changed(written(now));
	}, [now, draft]);
	const start = (check: boolean) => {
		draft.keep();
		void running
			.start({ exercise: exercise.name, rung: "parsons", check, laid: order.peek() })
			.then(() => check && finished());
	};
	return (
		<div class="workplace">
			<Parsons puzzle={puzzle} order={order} />
			<Buttons running={running} start={start} />
			<div class="button-row">
				<Reset
					what="the order of the lines"
					reset={() => {
						draft.drop();
						order.value = [];
						void forgetDraft(exercise.name, "parsons");
					}}
				/>
			</div>
		</div>
	);
}

interface ButtonsProps {
	readonly running: Running;
	readonly start: (check: boolean) => void;
}

function Buttons({ running, start }: ButtonsProps) {
	const isIdle = running.state.value === "idle";
	return (
		<div class="button-row">
			<Button onClick={() => start(false)}>Run</Button>
			<Button isMain onClick={() => start(true)}>
				Check
			</Button>
			<button
				type="button"
				class="button"
				aria-disabled={isIdle}
				onClick={() => {
					if (!isIdle) running.stop();
				}}
			>
				Stop
			</button>
		</div>
	);
}

interface ResetProps {
	readonly what: string;
	readonly reset: () => void;
}

/** Begin anew, asked first. */
function Reset({ what, reset }: ResetProps) {
	const isSure = useSignal(false);
	if (!isSure.value) {
		return (
			<Button
				onClick={() => {
					isSure.value = true;
				}}
			>
				Begin again …
			</Button>
		);
	}
	return (
		<section class="asks-first" aria-label="Begin again">
			<p>This forgets {what}.</p>
			<div class="button-row">
				<Button
					isMain
					onClick={() => {
						isSure.value = false;
						reset();
					}}
				>
					Forget it
				</Button>
				<Button
					onClick={() => {
						isSure.value = false;
					}}
				>
					Keep it
				</Button>
			</div>
		</section>
	);
}
