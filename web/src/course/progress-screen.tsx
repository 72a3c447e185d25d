// What is kept of the learner: seen, exported, deleted.

import { useSignal } from "@preact/signals";
import { ProblemNote } from "../page/problem-note.tsx";
import { asProblem, type Problem, request } from "../page/server.ts";
import { Button } from "../parts/controls.tsx";
import { ReadOut, ReadOuts } from "../parts/read-out.tsx";
import { useAsked } from "./asked.ts";
import { forgetAll, progress } from "./progress.ts";
import { save } from "./save.ts";
import { useTitle } from "./settings.ts";
import type { Overview } from "./told.ts";

export function ProgressScreen() {
	const course = useAsked<Overview>("course");
	const failed = useSignal<Problem | null>(null);
	const isSure = useSignal(false);
	const told = useSignal("");
	const kept = progress.value;
	useTitle("My progress");
	const tried = async (doing: () => Promise<string>) => {
		failed.value = null;
		try {
			told.value = await doing();
		} catch (error) {
			failed.value = asProblem(error);
		}
	};
	const exported = async () => {
		save("convivo-progress.json", await (await request("course/progress")).text(), "application/json");
		return "It is among your downloads, as convivo-progress.json.";
	};
	const deleted = async () => {
		await forgetAll();
		isSure.value = false;
		return "Everything is deleted.";
	};
	const problem = failed.value ?? course.problem.value;
	return (
		<>
			<header>
				<h1>My progress</h1>
				<p class="soft">
					It is kept in one file in convivo's own folder on this computer. Nothing of it is sent anywhere, and
					nobody else sees it.
				</p>
			</header>
			{problem && <ProblemNote problem={problem} />}
			{kept && (
				<ReadOuts>
					<ReadOut label="lessons read" name="lessons">
						{kept.lessons.length} of {course.value.value?.lessons.length ?? "…"}
					</ReadOut>
					<ReadOut label="questions answered" name="answers">
						{kept.answers.length}
					</ReadOut>
					<ReadOut label="of these right at once" name="right">
						{kept.answers.filter((each) => each.right).length}
					</ReadOut>
					<ReadOut label="rungs of exercises done" name="rungs">
						{kept.rungs.length}
					</ReadOut>
					<ReadOut label="programs kept" name="drafts">
						{kept.drafts.length}
					</ReadOut>
				</ReadOuts>
			)}
			<div class="button-row">
				<Button onClick={() => void tried(exported)}>Export as JSON</Button>
				{!isSure.value && (
					<Button
						onClick={() => {
							isSure.value = true;
						}}
					>
						Delete all …
					</Button>
				)}
			</div>
			{isSure.value && (
				<section class="asks-first" aria-label="Delete all">
					<p>Answers, programs and all that is done are deleted, also from the file. There is no way back.</p>
					<div class="button-row">
						<Button isMain onClick={() => void tried(deleted)}>
							Delete everything
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
			)}
			<p role="status">{told.value}</p>
		</>
	);
}
