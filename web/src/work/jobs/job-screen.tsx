// One job: how far it is, what came of it, what it noted, and where its files lie.

import { useEffect } from "preact/hooks";
import { link } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { Checked } from "../check/checked.tsx";
import { sentence } from "../findings.tsx";
import type { Happened, WholeJob } from "../lab.ts";
import { Results } from "../predict/results.tsx";
import { Training } from "../train/training.tsx";
import { count, duration, KINDS, moment } from "../words.ts";
import { Actions } from "./actions.tsx";
import { Files } from "./files.tsx";
import { useFollowed } from "./followed.ts";
import { Progress, State } from "./progress.tsx";
import { followJobs } from "./store.ts";

export function JobScreen({ id }: { readonly id: string }) {
	useEffect(followJobs, []);
	const { whole, happened, problem } = useFollowed(id);
	const seen = whole.value;
	return (
		<div class="screen">
			<header>
				<p class="small">
					<a href={link("work/jobs")}>All jobs</a>
				</p>
				<h1>{seen?.job.title ?? "Job"}</h1>
			</header>
			{problem.value && !seen && <ProblemNote problem={problem.value} />}
			{!seen && !problem.value && <p role="status">opening …</p>}
			{seen && <Whole whole={seen} happened={happened.value} />}
		</div>
	);
}

function Whole({ whole, happened }: { readonly whole: WholeJob; readonly happened: readonly Happened[] }) {
	const { job } = whole;
	return (
		<>
			<div class="work-job-top">
				<div class="work-job-line" role="status">
					<State job={job} />
					<span class="soft">
						{KINDS[job.kind]}, {moment(job.created)}
						{job.ended !== null && job.started !== null && `, took ${duration(job.ended - job.started)}`}
					</span>
				</div>
				<Progress job={job} />
				{job.problem && <ProblemNote problem={job} />}
				<Actions job={job} leaves />
			</div>
			{job.kind === "train" && <Training whole={whole} happened={happened} />}
			{job.kind === "predict" && <Results whole={whole} happened={happened} />}
			{job.kind === "check" && <Checked job={job} />}
			{job.result?.type === "Simulated" && (
				<p>
					{count(job.result.images, "image")} with exact masks. <a href={link("work/train")}>Train on them</a>
					: choose them under <em>made in the lab</em>.
				</p>
			)}
			<Notes whole={whole} />
			<Files whole={whole} />
		</>
	);
}

/** Notes, each said once, with how often it was. */
function Notes({ whole }: { readonly whole: WholeJob }) {
	if (whole.notes.length === 0) return null;
	return (
		<details class="work-options">
			<summary>Notes: {whole.notes.length}</summary>
			<ul class="work-notes">
				{whole.notes.map((note) => (
					<li key={note.text}>
						{sentence(note.text)}
						{(note.times > 1 || note.image) && (
							<span class="soft small"> {note.times > 1 ? `${note.times} times` : note.image}</span>
						)}
					</li>
				))}
			</ul>
		</details>
	);
}
