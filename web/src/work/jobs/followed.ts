// One job with all that happened to it, kept up while somebody looks.

import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { on } from "../../page/news.ts";
import { asProblem, type Problem } from "../../page/server.ts";
import { events, type Happened, type Job, type WholeJob, wholeJob } from "../lab.ts";

export interface Followed {
	readonly whole: ReadonlySignal<WholeJob | null>;
	readonly happened: ReadonlySignal<readonly Happened[]>;
	readonly problem: ReadonlySignal<Problem | null>;
	stop(): void;
}

/** Follow a job until `stop`. */
export function follow(id: string): Followed {
	const whole = signal<WholeJob | null>(null);
	const happened = signal<readonly Happened[]>([]);
	const problem = signal<Problem | null>(null);
	let isAsking = false;
	let isStale = false;
	let isLeft = false;

	async function catchUp(): Promise<void> {
		for (let more = true; more && !isLeft; ) {
			const said = await events(id, happened.peek().at(-1)?.number ?? 0);
			if (said.events.length > 0) happened.value = [...happened.peek(), ...said.events];
			more = said.more;
		}
	}

	async function load(): Promise<void> {
		isStale = true;
		if (isAsking) return; // what is under way asks once more
		isAsking = true;
		try {
			while (isStale && !isLeft) {
				isStale = false;
				await catchUp();
				whole.value = await wholeJob(id);
				problem.value = null;
			}
		} catch (error) {
			problem.value = asProblem(error);
		} finally {
			isAsking = false;
		}
	}

	function hear(job: Job): void {
		if (job.id !== id) return;
		const before = whole.peek();
		if (before) whole.value = { ...before, job };
		const last = happened.peek().at(-1)?.number ?? 0;
		if (job.last_event > last || job.state !== before?.job.state) void load();
	}

	const leave = [on("job", (job) => hear(job as Job)), on("again", () => void load())];
	void load();
	return {
		whole,
		happened,
		problem,
		stop() {
			isLeft = true;
			for (const each of leave) each();
		},
	};
}

/** The same for a view. */
export function useFollowed(id: string): Followed {
	const followed = useMemo(() => follow(id), [id]);
	useEffect(() => () => followed.stop(), [followed]);
	return followed;
}
