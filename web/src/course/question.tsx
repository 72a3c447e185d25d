// A question with reasons: one commits to an answer, and then hears why somebody would say so, and what is true.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../parts/controls.tsx";
import { useOwnId } from "../parts/own-id.ts";
import { answer, answerOf } from "./progress.ts";
import { Prose } from "./prose.tsx";
import type { Question as Asked } from "./told.ts";
import type { Words } from "./words.ts";

interface QuestionProps {
	/** Where it stands, as progress calls it. */
	readonly page: string;
	readonly question: Asked;
	readonly words: Words;
	/** Whether it is a prediction, for which the rest waits. */
	readonly isPrediction: boolean;
}

export function Question({ page, question, words, isPrediction }: QuestionProps) {
	const given = answerOf(page, question.id);
	const chosen = useSignal(-1);
	const hasAnswered = useSignal(false); // just now, and not on an earlier day
	const verdict = useRef<HTMLParagraphElement>(null);
	const name = useOwnId();
	const said = given?.chosen ?? chosen.value;
	const isRight = question.options[said]?.right === true;
	useEffect(() => {
		if (hasAnswered.value) verdict.current?.focus(); // the button that was pressed is gone
	}, [hasAnswered.value]);
	return (
		<section class={isPrediction ? "question is-prediction" : "question"} aria-labelledby={name}>
			<div id={name} class="question-text">
				<span class="question-kind">{isPrediction ? words.predictFirst : words.question}</span>
				<Prose html={question.text} />
			</div>
			<div class="question-options" role="radiogroup" aria-labelledby={name}>
				{question.options.map((option, number) => (
					<label key={number} class={given ? marked(option.right, number === said) : undefined}>
						<input
							type="radio"
							name={name}
							disabled={given !== undefined}
							checked={said === number}
							onChange={() => {
								chosen.value = number;
							}}
						/>
						<span>
							<Prose isInline html={option.text} />
							{given && (option.right || number === said) && (
								<span class={option.right ? "question-mark is-right" : "question-mark"}>
									{" "}
									{option.right ? words.right : words.notSo}
								</span>
							)}
							{given && <Prose isInline class="question-because" html={option.because} />}
						</span>
					</label>
				))}
			</div>
			{given === undefined && (
				<div>
					<Button
						isMain
						isDisabled={chosen.value < 0}
						onClick={() => {
							answer({
								page,
								question: question.id,
								chosen: chosen.peek(),
								right: question.options[chosen.peek()]?.right === true,
							});
							hasAnswered.value = true;
						}}
					>
						{isPrediction ? words.commit : words.answer}
					</Button>
				</div>
			)}
			{given && (
				<p class="question-verdict" ref={verdict} tabIndex={-1}>
					{isRight ? words.youWereRight : words.notQuite}
				</p>
			)}
		</section>
	);
}

function marked(isRight: boolean, isChosen: boolean): string {
	return isRight ? "is-right" : isChosen ? "is-wrong" : "is-other";
}
