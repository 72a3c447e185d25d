// The way to an exercise, and how far one has come in it.

import { link } from "../../page/address.ts";
import { RUNG_NAMES } from "../rungs.ts";
import type { ExerciseLine } from "../told.ts";
import type { Words } from "../words.ts";

interface ExerciseCardProps {
	/** Nothing while it is not known. */
	readonly exercise: ExerciseLine | null;
	readonly words: Words;
}

export function ExerciseCard({ exercise, words }: ExerciseCardProps) {
	if (!exercise) return null;
	return (
		<a class="exercise-card" href={link(`course/exercise/${exercise.name}`)} lang="en">
			<span class="exercise-card-kind">
				{words.exercise} · {exercise.minutes} {words.minutes}
			</span>
			<span class="exercise-card-title">{exercise.title}</span>
			<span class="soft">{exercise.summary}</span>
			<Rungs exercise={exercise} />
		</a>
	);
}

/** The rungs with those that are done. */
export function Rungs({ exercise }: { readonly exercise: ExerciseLine }) {
	return (
		<span class="rungs">
			{exercise.rungs.map((rung) => {
				const isDone = exercise.done.includes(rung);
				return (
					<span key={rung} class={isDone ? "rung is-done" : "rung"}>
						{isDone && "✓ "}
						{RUNG_NAMES[rung]}
						{isDone && <span class="for-readers"> done</span>}
					</span>
				);
			})}
		</span>
	);
}
