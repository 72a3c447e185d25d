// The second tab: a net has failed. Look at the image and the answer, choose the cause, then see the proof.

import { useComputed } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Button } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { CaseFile, Causes, Judged, Waiting } from "./case-file.tsx";
import { type Guesses, type Listing, readGuesses, type Verdict, writeGuesses } from "./cases.ts";
import { useAsked } from "./use-asked.ts";

export function Detective({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const listing = useAsked<Listing>(bench, "detective", {});
	const chosen = useMemo(() => bench.state.text("case", ""), [bench]);
	const written = useMemo(() => bench.state.text("guesses", ""), [bench]);
	const guesses = useComputed(() => readGuesses(written.value)).value;
	const judged = useAsked<{ readonly verdicts: readonly Verdict[] }>(bench, "detective-verdicts", {
		guesses: [...guesses].map(([key, cause]) => ({ key, cause })),
	});
	const judgedNow = useRef("");
	useDrawn(root, judged.answer);
	if (!listing.answer) return <Waiting problem={listing.problem}>opening the files …</Waiting>;
	const { cases, causes } = listing.answer;
	const here = cases.find((each) => each.key === chosen.value) ?? cases[0];
	if (!here) return null;
	const verdicts = current(judged.answer?.verdicts ?? [], guesses);
	const verdict = verdicts.find((each) => each.key === here.key);
	return (
		<div class="detective" ref={root}>
			<h2 class="for-readers">What happened here?</h2>
			<p class="soft">
				Six nets, really trained, and each failed for another reason. The images are their own: the menu above
				has no effect here.
			</p>
			<nav class="detective-files" aria-label="Cases">
				<ol>
					{cases.map((each, number) => (
						<li key={each.key}>
							<Button
								isPressed={each === here}
								onClick={() => {
									chosen.value = each.key;
								}}
							>
								{number + 1} {each.title}
								<Mark verdict={verdicts.find(({ key }) => key === each.key)} />
							</Button>
						</li>
					))}
				</ol>
				<p>
					<strong data-read="score">
						{verdicts.filter((each) => each.is_right).length} of {cases.length}
					</strong>{" "}
					solved
				</p>
			</nav>
			{judged.problem && (
				<p class="problem" role="alert">
					{judged.problem}
				</p>
			)}
			<CaseFile key={here.key} bench={bench} caseKey={here.key} story={here.story}>
				{verdict ? (
					<Judged
						bench={bench}
						verdict={verdict}
						causes={causes}
						isNew={judgedNow.current === here.key}
						onAgain={() => {
							written.value = writeGuesses(new Map([...guesses].filter(([key]) => key !== here.key)));
						}}
					/>
				) : (
					<Causes
						causes={causes}
						onChosen={(cause) => {
							judgedNow.current = here.key;
							written.value = writeGuesses(new Map([...guesses, [here.key, cause]]));
						}}
					/>
				)}
			</CaseFile>
		</div>
	);
}

/** Verdicts on the guesses as they are now; an answer may be of those before. */
function current(verdicts: readonly Verdict[], guesses: Guesses): readonly Verdict[] {
	return verdicts.filter((each) => guesses.get(each.key) === each.guess);
}

function Mark({ verdict }: { readonly verdict: Verdict | undefined }) {
	const [sign, word] = !verdict ? ["", "open"] : verdict.is_right ? ["✓", "solved"] : ["✗", "judged wrongly"];
	return (
		<>
			<span class="detective-mark" aria-hidden="true">
				{sign}
			</span>
			<span class="for-readers">, {word}</span>
		</>
	);
}
