// The course at a glance: where to go on, the lessons along the spine, and their exercises.

import { link } from "../page/address.ts";
import { ProblemNote } from "../page/problem-note.tsx";
import { useAsked } from "./asked.ts";
import { Rungs } from "./lesson/exercise-card.tsx";
import { Prose } from "./prose.tsx";
import { language, useTitle } from "./settings.ts";
import type { Overview as Course, ExerciseLine, LessonLine } from "./told.ts";

export function Overview() {
	const { value, problem } = useAsked<Course>(`course?language=${language.value}`);
	useTitle("The course");
	return (
		<>
			<header>
				<h1>The course</h1>
				<p class="soft">
					How convolutional networks see, from one kernel to a model that you may believe. Each lesson takes
					about twenty minutes and begins with a guess of yours. One thing grows through all of them: your
					nucleus finder.
				</p>
			</header>
			{problem.value && <ProblemNote problem={problem.value} />}
			{!value.value && !problem.value && <p class="soft">The course is opened …</p>}
			{value.value && <Opened course={value.value} />}
		</>
	);
}

function Opened({ course }: { readonly course: Course }) {
	const next = course.lessons.find((each) => !each.read);
	const loose = course.exercises.filter(
		(each) => !course.lessons.some((lesson) => lesson.exercises.includes(each.name)),
	);
	return (
		<>
			<GoOn next={next} hasBegun={course.lessons.some((each) => each.read || each.answered > 0)} />
			<ol class="spine">
				{course.lessons.map((lesson) => (
					<Lesson key={lesson.name} lesson={lesson} isNext={lesson === next} exercises={course.exercises} />
				))}
			</ol>
			{loose.length > 0 && (
				<>
					<h2>More exercises</h2>
					<ul class="spine-exercises">{loose.map(exercise)}</ul>
				</>
			)}
		</>
	);
}

function GoOn({ next, hasBegun }: { readonly next: LessonLine | undefined; readonly hasBegun: boolean }) {
	if (!next) {
		return <p>You have read every lesson. Exercises and questions stay open.</p>;
	}
	return (
		<a class="go-on" href={link(`course/${next.name}`)}>
			<span class="go-on-kind">{hasBegun ? "Go on" : "Begin"}</span>
			<span class="go-on-title">
				{next.number}. {next.title}
			</span>
			<span class="soft">{next.summary}</span>
		</a>
	);
}

interface LessonProps {
	readonly lesson: LessonLine;
	readonly isNext: boolean;
	readonly exercises: readonly ExerciseLine[];
}

function Lesson({ lesson, isNext, exercises }: LessonProps) {
	const own = exercises.filter((each) => lesson.exercises.includes(each.name));
	return (
		<li class={lesson.read ? "spine-lesson is-read" : isNext ? "spine-lesson is-next" : "spine-lesson"}>
			<span class="spine-mark" aria-hidden="true">
				{lesson.read ? "✓" : lesson.number}
			</span>
			<div class="spine-body" lang={lesson.language}>
				<h2>
					<a href={link(`course/${lesson.name}`)}>{lesson.title}</a>
				</h2>
				<p class="small soft" lang="en">
					{lesson.minutes} minutes
					{lesson.questions > 0 && ` · ${lesson.answered} of ${lesson.questions} questions answered`}
					{lesson.read && " · read"}
				</p>
				<p>{lesson.summary}</p>
				{own.length > 0 && <ul class="spine-exercises">{own.map(exercise)}</ul>}
				{lesson.finder && (
					<div class="spine-finder">
						<Prose html={lesson.finder} />
					</div>
				)}
			</div>
		</li>
	);
}

function exercise(each: ExerciseLine) {
	return (
		<li key={each.name} lang="en">
			<a href={link(`course/exercise/${each.name}`)}>Exercise: {each.title}</a>
			<Rungs exercise={each} />
		</li>
	);
}
