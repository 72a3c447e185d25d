// Deck and corrections: where simple sentences of the deck are made exact, and whom it is owed to.

import { ProblemNote } from "../page/problem-note.tsx";
import { useAsked } from "./asked.ts";
import { Blocks } from "./lesson/blocks.tsx";
import { language, useTitle } from "./settings.ts";
import type { Lesson } from "./told.ts";
import { wordsOf } from "./words.ts";

export function DeckScreen() {
	const { value, problem } = useAsked<Lesson>(`course/deck?language=${language.value}`);
	const page = value.value;
	useTitle(page?.title);
	return (
		<>
			{problem.value && <ProblemNote problem={problem.value} />}
			{!page && !problem.value && <p class="soft">The page is opened …</p>}
			{page && (
				<article class="lesson" lang={page.language}>
					<header class="lesson-top">
						<h1>{page.title}</h1>
						<p class="lesson-summary">{page.summary}</p>
					</header>
					<Blocks page={page.name} blocks={page.blocks} exercises={[]} words={wordsOf(page.language)} />
				</article>
			)}
		</>
	);
}
