// An exercise: its text, its rungs, what the program says, and the checks.

import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { link } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useAsked } from "../asked.ts";
import { notKept, pageOf, progress, refresh } from "../progress.ts";
import { Prose } from "../prose.tsx";
import { Question } from "../question.tsx";
import { RUNG_NAMES } from "../rungs.ts";
import { useTitle } from "../settings.ts";
import type { About, Exercise, Isolation, Rung } from "../told.ts";
import { wordsOf } from "../words.ts";
import "./exercise.css";
import { Checks } from "./checks.tsx";
import { Output } from "./output.tsx";
import { running as newRunning, type Running } from "./running.ts";
import { Laying, Writing } from "./workplace.tsx";

export function ExerciseScreen({ name }: { readonly name: string }) {
	const exercise = useAsked<Exercise>(`course/exercises/${name}`);
	const about = useAsked<About>(`course/exercises/${name}/checks`);
	const problem = exercise.problem.value ?? about.problem.value ?? notKept.value;
	useTitle(exercise.value.value?.title);
	return (
		<>
			{problem && <ProblemNote problem={problem} />}
			{exercise.value.value && progress.value && (
				<Opened exercise={exercise.value.value} about={about.value.value} />
			)}
			{!exercise.value.value && !problem && <p class="soft">The exercise is opened …</p>}
		</>
	);
}

interface OpenedProps {
	readonly exercise: Exercise;
	readonly about: About | null;
}

function Opened({ exercise, about }: OpenedProps) {
	const running = useMemo(newRunning, []);
	const done = useComputed(() =>
		(progress.value?.rungs ?? []).filter((each) => each.exercise === exercise.name).map((each) => each.rung),
	);
	const rung = useSignal<Rung>(begun(exercise, done.peek()));
	useEffect(() => () => running.clear(), [running]);
	// what ran on another rung says nothing about this one
	useEffect(() => running.clear(), [running, rung.value]);
	const options = exercise.rungs.map((each, number): readonly [Rung, string] => [
		each,
		`${number + 1} ${RUNG_NAMES[each]}${done.value.includes(each) ? " ✓" : ""}`,
	]);
	return (
		<div class="exercise">
			<header>
				<p class="small soft">
					Exercise · {exercise.minutes} minutes
					{exercise.lesson && (
						<>
							{" · "}
							<a href={link(`course/${exercise.lesson}`)}>to its lesson</a>
						</>
					)}
				</p>
				<h1>{exercise.title}</h1>
				<p class="soft">{exercise.summary}</p>
			</header>
			{exercise.data && <Images exercise={exercise} />}
			{about && <Containment isolation={about.isolation} />}
			<div class="exercise-split">
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
				<section class="exercise-text" aria-label="What it is about" tabIndex={0}>
					<Prose html={exercise.text} />
				</section>
				<div class="exercise-work">
					<Tabs label="Rungs" value={rung} options={options}>
						<OneRung exercise={exercise} about={about} rung={rung} running={running} />
					</Tabs>
				</div>
			</div>
		</div>
	);
}

interface OneRungProps extends OpenedProps {
	readonly rung: Signal<Rung>;
	readonly running: Running;
}

function OneRung({ exercise, about, rung, running }: OneRungProps) {
	if (rung.value === "predict") return <Predict exercise={exercise} rung={rung} />;
	const finished = () => void refresh(); // checks that passed were noted by the lab
	return (
		<>
			{rung.value === "parsons" && exercise.puzzle ? (
				<Laying exercise={exercise} puzzle={exercise.puzzle} running={running} finished={finished} />
			) : (
				<Writing
					key={rung.value}
					exercise={exercise}
					rung={rung.value === "fill" ? "fill" : "free"}
					running={running}
					finished={finished}
				/>
			)}
			<Output running={running} />
			<Checks exercise={exercise} about={about} running={running} />
		</>
	);
}

/** Where one goes on: on the last rung on which something stands and that is not done, else on the first that is not. */
function begun({ name, rungs }: Exercise, done: readonly string[]): Rung {
	const left = rungs.filter((each) => !done.includes(each));
	const drafts = progress.peek()?.drafts ?? [];
	const written = left.filter((each) =>
		drafts.some((draft) => draft.exercise === name && draft.rung === each),
	);
	return written.at(-1) ?? left[0] ?? "free";
}

function Predict({ exercise, rung }: { readonly exercise: Exercise; readonly rung: Signal<Rung> }) {
	const next = exercise.rungs[exercise.rungs.indexOf("predict") + 1];
	const isDone = progress.value?.answers.some((each) => each.page === pageOf(exercise.name));
	if (!exercise.predict) return null;
	return (
		<>
			<Question page={pageOf(exercise.name)} question={exercise.predict} words={wordsOf("en")} isPrediction />
			{isDone && next && (
				<div>
					<button
						type="button"
						class="button"
						onClick={() => {
							rung.value = next;
						}}
					>
						On to: {RUNG_NAMES[next]}
					</button>
				</div>
			)}
		</>
	);
}

/** Which images an exercise is given that asks for some. */
function Images({ exercise }: { readonly exercise: Exercise }) {
	return (
		<p class="small soft">
			{exercise.offered ? (
				<>
					Your programs are given the images and masks of <code>{exercise.offered}</code>.
				</>
			) : (
				<>
					No folder that was chosen holds images and masks, so your programs make practice images. For real
					ones, fetch them with <code>convivo samples get bbbc039</code> and start the lab with{" "}
					<code>convivo lab bbbc039</code>.
				</>
			)}
		</p>
	);
}

/** How well programs are contained here: loud where they are not. */
function Containment({ isolation }: { readonly isolation: Isolation }) {
	if (isolation.level === 0) {
		return (
			<div class="contained is-open" role="note">
				<p>
					<strong>On this computer programs are not contained.</strong> They run as you do, within limits of
					time and memory. Not held back: {isolation.not_contained.join(", ")}. Run what you wrote or
					understand.
				</p>
			</div>
		);
	}
	return (
		<details class="contained small soft">
			<summary>Your programs run contained.</summary>
			<ul>
				{isolation.contains.map((each) => (
					<li key={each}>{each}</li>
				))}
			</ul>
			{isolation.not_contained.length > 0 && <p>Not held back: {isolation.not_contained.join(", ")}.</p>}
		</details>
	);
}
