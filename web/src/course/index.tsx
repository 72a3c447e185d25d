// The course's screens by what follows "course" in the address, and their entries in the navigation.

import { useEffect } from "preact/hooks";
import "./course.css";
import "./lesson/lesson.css";
import { useSignal } from "@preact/signals";
import { ProblemNote } from "../page/problem-note.tsx";
import type { Problem } from "../page/server.ts";
import { asProblem } from "../page/server.ts";
import { DeckScreen } from "./deck-screen.tsx";
import { ExerciseScreen } from "./exercise/exercise-screen.tsx";
import { LessonScreen } from "./lesson/lesson-screen.tsx";
import { Overview } from "./overview.tsx";
import { refresh } from "./progress.ts";
import { ProgressScreen } from "./progress-screen.tsx";

const ROOM = "course";
const EXERCISE = "exercise/";

export interface Entry {
	/** As it stands in the address. */
	readonly name: string;
	readonly title: string;
	readonly about: string;
}

/** What the navigation and the first page show. */
export const COURSE: readonly Entry[] = [
	{
		name: ROOM,
		title: "The course",
		about:
			"Eleven lessons, each with a guess first, things to touch, and exercises that answer with a picture.",
	},
	{
		name: "slides",
		title: "The talk",
		about: "Half an hour that opens the workshop: slides with everything in them live, notes and a clock.",
	},
	{
		name: "course/deck",
		title: "Deck and corrections",
		about: "Where simple sentences of the slides are made exact, and whom they are owed to.",
	},
	{
		name: "course/progress",
		title: "My progress",
		about: "What you have read and solved: kept on this computer, exported or deleted as you like.",
	},
];

/** Whether a screen belongs to the course. */
export function isCourse(screen: string): boolean {
	return screen === ROOM || screen.startsWith(`${ROOM}/`);
}

/** The entry of the navigation that a screen stands under. */
export function entryOf(screen: string): string {
	return COURSE.find((each) => each.name === screen)?.name ?? (isCourse(screen) ? ROOM : "");
}

export function CourseScreen({ screen }: { readonly screen: string }) {
	const rest = screen.slice(ROOM.length + 1);
	const failed = useSignal<Problem | null>(null);
	// asked for on every screen: another tab may have added to it
	useEffect(() => {
		refresh().then(
			() => {
				failed.value = null;
			},
			(error: unknown) => {
				failed.value = asProblem(error);
			},
		);
	}, [failed, rest]);
	return (
		<>
			{failed.value && <ProblemNote problem={failed.value} />}
			<Shown rest={rest} />
		</>
	);
}

function Shown({ rest }: { readonly rest: string }) {
	if (rest === "") return <Overview />;
	if (rest === "deck") return <DeckScreen />;
	if (rest === "progress") return <ProgressScreen />;
	if (rest.startsWith(EXERCISE)) {
		const name = rest.slice(EXERCISE.length);
		return <ExerciseScreen key={name} name={name} />;
	}
	return <LessonScreen key={rest} name={rest} />;
}
