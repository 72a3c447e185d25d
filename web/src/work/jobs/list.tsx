// All jobs, the newest first.

import { useEffect } from "preact/hooks";
import { link } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import type { Job } from "../lab.ts";
import { count, KINDS, moment } from "../words.ts";
import { Actions } from "./actions.tsx";
import { Progress, State } from "./progress.tsx";
import { followJobs, jobs, jobsProblem } from "./store.ts";

export function JobList() {
	useEffect(followJobs, []);
	const list = jobs.value;
	return (
		<div class="screen">
			<header>
				<h1>Jobs</h1>
				<p class="soft">
					What takes longer than a moment is done here, one job after the other. The list survives a reload
					and a restart of the lab.
				</p>
			</header>
			{jobsProblem.value && <ProblemNote problem={jobsProblem.value} />}
			<p class="for-readers" role="status">
				{list && summary(list)}
			</p>
			{list?.length === 0 && (
				<p>
					There is no job yet. Begin with <a href={link("work/predict")}>a prediction</a> or{" "}
					<a href={link("work/train")}>a training</a>.
				</p>
			)}
			{list && list.length > 0 && (
				<ul class="work-jobs">
					{list.map((job) => (
						<li key={job.id}>
							<div class="work-job-head">
								<a href={link(`work/jobs/${job.id}`)}>{job.title}</a>
								<State job={job} />
							</div>
							<p class="soft small">
								{KINDS[job.kind]}, {moment(job.created)}
								{outcome(job)}
							</p>
							<Progress job={job} />
							{job.problem && <p class="small">{job.problem}.</p>}
							<Actions job={job} />
						</li>
					))}
				</ul>
			)}
		</div>
	);
}

function outcome(job: Job): string {
	const said = [];
	if (job.done > 0) said.push(count(job.done, "image"));
	if (job.objects !== null) said.push(count(job.objects, "object"));
	if (job.failed > 0) said.push(`${count(job.failed, "image")} could not be done`);
	return said.map((each) => `, ${each}`).join("");
}

function summary(list: readonly Job[]): string {
	const running = list.filter((job) => job.state === "running").length;
	return `${count(list.length, "job")}, ${running} running`;
}
