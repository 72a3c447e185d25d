// One case: the story, the image and the answer; then the causes to choose from, or the proof.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Button } from "../../parts/controls.tsx";
import { useOwnId } from "../../parts/own-id.ts";
import { type Cause, type Evidence, inParts, type Proof, type Verdict } from "./cases.ts";
import { Chart } from "./chart.tsx";
import { Exhibit, Lines, Numbers } from "./evidence.tsx";
import { useAsked } from "./use-asked.ts";

interface CaseFileProps {
	readonly bench: Bench;
	readonly caseKey: string;
	readonly story: string;
	readonly children: ComponentChildren;
}

export function CaseFile({ bench, caseKey, story, children }: CaseFileProps) {
	const { answer, problem } = useAsked<Evidence>(bench, "detective-case", { key: caseKey });
	return (
		<section class="detective-case" aria-label="The case">
			<blockquote class="detective-story">{story}</blockquote>
			{answer ? (
				<>
					<div class="screen-pictures">
						<Exhibit picture={answer.image} />
						<Exhibit picture={answer.answer.picture} />
						<div class="detective-said">
							<p>{answer.answer.sentence}</p>
							<Numbers numbers={answer.answer.numbers} />
							{answer.answer.picture.found && <Lines />}
						</div>
					</div>
					{children}
				</>
			) : (
				<Waiting problem={problem}>asking the net …</Waiting>
			)}
		</section>
	);
}

interface CausesProps {
	readonly causes: readonly Cause[];
	readonly onChosen: (cause: string) => void;
}

export function Causes({ causes, onChosen }: CausesProps) {
	const chosen = useSignal("");
	const name = useOwnId();
	return (
		<form
			class="detective-causes"
			onSubmit={(event) => {
				event.preventDefault();
				if (chosen.value) onChosen(chosen.value);
			}}
		>
			<h3 id={name}>What happened here?</h3>
			<div role="radiogroup" aria-labelledby={name}>
				{causes.map((cause) => (
					<label key={cause.key}>
						<input
							type="radio"
							name={name}
							value={cause.key}
							checked={chosen.value === cause.key}
							onChange={() => {
								chosen.value = cause.key;
							}}
						/>
						<span>
							<b>{cause.name}.</b> <span class="soft">{cause.sentence}</span>
						</span>
					</label>
				))}
			</div>
			<div>
				<button type="submit" class="button is-main" disabled={!chosen.value}>
					That is the cause
				</button>
			</div>
		</form>
	);
}

interface JudgedProps {
	readonly bench: Bench;
	readonly verdict: Verdict;
	readonly causes: readonly Cause[];
	/** Whether it was judged just now, by who looks at the page: then the verdict is read out. */
	readonly isNew: boolean;
	readonly onAgain: () => void;
}

/** The verdict, and what proves it. */
export function Judged({ bench, verdict, causes, isNew, onAgain }: JudgedProps) {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		if (isNew) heading.current?.focus();
	}, [isNew]);
	const { answer, problem } = useAsked<Proof>(bench, "detective-proof", { key: verdict.key });
	const named = (key: string) => causes.find((cause) => cause.key === key)?.name ?? key;
	return (
		<section class="detective-proof" aria-label="The proof">
			<h3 ref={heading} tabIndex={-1} class={verdict.is_right ? "is-right" : "is-wrong"} data-read="verdict">
				{verdict.is_right
					? `✓ Right: ${named(verdict.cause)}`
					: `✗ Not "${named(verdict.guess)}". It was: ${named(verdict.cause)}`}
			</h3>
			{answer ? <Shown proof={answer} /> : <Waiting problem={problem}>gathering the proof …</Waiting>}
			<div>
				<Button onClick={onAgain}>Judge this case again</Button>
			</div>
		</section>
	);
}

function Shown({ proof }: { readonly proof: Proof }) {
	return (
		<>
			<ul class="detective-sentences">
				{proof.sentences.map((sentence) => (
					<li key={sentence}>
						<Text of={sentence} />
					</li>
				))}
			</ul>
			<div class="screen-pictures">
				{proof.pictures.map((picture) => (
					<Exhibit key={picture.name} picture={picture} />
				))}
			</div>
			<div class="detective-measured">
				<Numbers numbers={proof.numbers} />
				{proof.curves.map((curve) => (
					<Chart key={curve.name} curve={curve} />
				))}
			</div>
			<p class="detective-conclusion">
				<Text of={proof.conclusion} />
			</p>
		</>
	);
}

function Text({ of }: { readonly of: string }) {
	return <>{inParts(of).map((part, number) => (number % 2 === 1 ? <code key={part}>{part}</code> : part))}</>;
}

export function Waiting({ problem, children }: { readonly problem: string; readonly children: string }) {
	return problem ? (
		<p class="problem" role="alert">
			{problem}
		</p>
	) : (
		<p role="status">{children}</p>
	);
}
