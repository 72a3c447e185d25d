// A lesson: a prediction first, then text with explorables, questions, exercises, and what to take away.

import { useMemo } from "preact/hooks";
import { address, go, link } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { Button } from "../../parts/controls.tsx";
import { useAsked } from "../asked.ts";
import { answerOf, notKept, progress, read } from "../progress.ts";
import { language as chosenLanguage, useTitle } from "../settings.ts";
import type { Block, Lesson, Overview } from "../told.ts";
import { languageName, type Words, wordsOf } from "../words.ts";
import { Blocks } from "./blocks.tsx";

export function LessonScreen({ name }: { readonly name: string }) {
	const given = address.value.values.find(([key]) => key === "language")?.[1];
	const language = given ?? chosenLanguage.value;
	const lesson = useAsked<Lesson>(`course/lessons/${name}?language=${language}`);
	const course = useAsked<Overview>(`course?language=${language}`);
	const problem = lesson.problem.value ?? course.problem.value ?? notKept.value;
	useTitle(lesson.value.value?.title);
	return (
		<>
			{problem && <ProblemNote problem={problem} />}
			{lesson.value.value && progress.value && (
				<Opened lesson={lesson.value.value} course={course.value.value} />
			)}
			{!lesson.value.value && !problem && <p class="soft">The lesson is opened …</p>}
		</>
	);
}

interface OpenedProps {
	readonly lesson: Lesson;
	/** Nothing until it has come. */
	readonly course: Overview | null;
}

function Opened({ lesson, course }: OpenedProps) {
	const words = wordsOf(lesson.language);
	const open = opened(lesson);
	const isWaiting = open.length < lesson.blocks.length;
	const hasFacts = useMemo(() => JSON.stringify(lesson.blocks).includes("data-fact"), [lesson]);
	return (
		<article class="lesson" lang={lesson.language}>
			<header class="lesson-top">
				<p class="small soft">
					{words.lesson(lesson.number, course?.lessons.length ?? lesson.number)} · {lesson.minutes}{" "}
					{words.minutes}
				</p>
				<h1>{lesson.title}</h1>
				<p class="lesson-summary">{lesson.summary}</p>
				{lesson.languages.length > 1 && <Languages lesson={lesson} words={words} />}
			</header>
			<Blocks page={lesson.name} blocks={open} exercises={course?.exercises ?? []} words={words} />
			{isWaiting ? (
				<p class="lesson-waits">{words.waits}</p>
			) : (
				<footer class="lesson-end">
					{hasFacts && <p class="small soft fact-key">{words.facts}</p>}
					<WayOn lesson={lesson} course={course} words={words} />
				</footer>
			)}
		</article>
	);
}

/** The blocks up to the first prediction that was not committed to. */
function opened(lesson: Lesson): readonly Block[] {
	const waits = lesson.blocks.findIndex(
		(block) => block.kind === "predict" && !answerOf(lesson.name, block.question.id),
	);
	return waits < 0 ? lesson.blocks : lesson.blocks.slice(0, waits + 1);
}

function Languages({ lesson, words }: { readonly lesson: Lesson; readonly words: Words }) {
	return (
		<section class="lesson-languages" aria-label={words.language}>
			{lesson.languages.map((each) => (
				<button
					key={each}
					type="button"
					class="button"
					lang={each}
					aria-pressed={each === lesson.language}
					onClick={() => {
						chosenLanguage.value = each;
						if (address.peek().values.length > 0) go(`course/${lesson.name}`);
					}}
				>
					{languageName(each)}
				</button>
			))}
		</section>
	);
}

interface WayOnProps extends OpenedProps {
	readonly words: Words;
}

/** To the next lesson; at the end of the last one, back to all. */
function WayOn({ lesson, course, words }: WayOnProps) {
	const next = course?.lessons.find((each) => each.number === lesson.number + 1);
	const done = () => {
		read(lesson.name);
		go(next ? `course/${next.name}` : "course");
	};
	return (
		<div class="way-on">
			<Button isMain onClick={done}>
				{next ? words.onTo(next.title) : words.done}
			</Button>
			<a href={link("course")}>{words.toCourse}</a>
		</div>
	);
}
