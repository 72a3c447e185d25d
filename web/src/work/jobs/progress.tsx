// How far a job is: its state in words, a bar, the time left.

import type { Job } from "../lab.ts";
import { duration, STATES } from "../words.ts";

const MARKS: Record<Job["state"], string> = {
	waiting: "…",
	running: "▸",
	stopping: "▪",
	done: "✓",
	stopped: "▪",
	failed: "✗",
	interrupted: "‖",
};

export function State({ job }: { readonly job: Job }) {
	return (
		<span class={`work-state is-${job.state}`}>
			<span aria-hidden="true">{MARKS[job.state]}</span> {STATES[job.state]}
		</span>
	);
}

export function Progress({ job }: { readonly job: Job }) {
	if (job.state === "waiting") return <p class="soft small">It begins when what stands before it is done.</p>;
	if (job.state !== "running" && job.state !== "stopping") return null;
	const share = job.progress;
	return (
		<div class="work-progress">
			<progress
				aria-label={`progress of ${job.title}`}
				max={1}
				{...(share === null ? {} : { value: share })}
			/>
			<span class="work-progress-share">{share === null ? "" : `${Math.floor(share * 100)} %`}</span>
			<span class="soft">
				{job.now || (share === 1 ? "writing the last files" : "starting")}
				{job.left !== null && `, about ${duration(job.left)} left`}
			</span>
		</div>
	);
}
