// All jobs as the lab knows them: asked for once, then kept up by news; asked again whenever the news were away.

import { type ReadonlySignal, signal } from "@preact/signals";
import { on } from "../../page/news.ts";
import { asProblem, type Problem } from "../../page/server.ts";
import { allJobs, type Job } from "../lab.ts";

const known = signal<readonly Job[] | null>(null);
const refused = signal<Problem | null>(null);
let follows = false;

/** Every job, the newest first; null until the lab has answered. */
export const jobs: ReadonlySignal<readonly Job[] | null> = known;
export const jobsProblem: ReadonlySignal<Problem | null> = refused;

/** Begin to follow; more than once does no harm. */
export function followJobs(): void {
	if (follows) return;
	follows = true;
	on("job", (job) => take(job as Job));
	on("job-removed", (gone) => forget((gone as { id: string }).id));
	on("again", () => void load());
	void load();
}

/** Take over what an answer said of a job, without waiting for the news. */
export function take(job: Job): void {
	const list = known.peek();
	if (!list) return;
	const here = list.findIndex((each) => each.id === job.id);
	known.value = here < 0 ? [job, ...list] : list.with(here, job);
}

export function forget(id: string): void {
	known.value = known.peek()?.filter((each) => each.id !== id) ?? null;
}

async function load(): Promise<void> {
	try {
		known.value = await allJobs();
		refused.value = null;
	} catch (error) {
		refused.value = asProblem(error);
	}
}
