// What can be done with a job: stop it, go on with it, take it off the list.

import { useSignal } from "@preact/signals";
import { go } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import { Button } from "../../parts/controls.tsx";
import { goOn, type Job, remove, stop } from "../lab.ts";
import { forget, take } from "./store.ts";

/** What stopping does, for each kind of job. */
const STOP: Record<Job["kind"], string> = {
	train: "Stop and keep the model",
	predict: "Stop and keep what is done",
	check: "Stop",
	simulate: "Stop",
};

export function Actions({ job, leaves }: { readonly job: Job; readonly leaves?: boolean }) {
	const problem = useSignal<Problem | null>(null);
	const isBusy = useSignal(false);
	const attempt = async (doing: () => Promise<void>) => {
		isBusy.value = true;
		problem.value = null;
		try {
			await doing();
		} catch (error) {
			problem.value = asProblem(error);
		}
		isBusy.value = false;
	};
	const isOver = !["waiting", "running", "stopping"].includes(job.state);
	return (
		<div class="work-actions">
			{!isOver && (
				<Button
					label={job.state === "stopping" ? `Stop at once: ${job.title}` : `${STOP[job.kind]}: ${job.title}`}
					isDisabled={isBusy.value}
					onClick={() => void attempt(async () => take(await stop(job.id)))}
				>
					{job.state === "stopping" ? "Stop at once" : STOP[job.kind]}
				</Button>
			)}
			{job.can_go_on && isOver && (
				<Button
					label={`Go on: ${job.title}`}
					isDisabled={isBusy.value}
					onClick={() => void attempt(async () => take(await goOn(job.id)))}
				>
					Go on
				</Button>
			)}
			{isOver && (
				<Button
					label={`Take off the list: ${job.title}`}
					isDisabled={isBusy.value}
					onClick={() =>
						void attempt(async () => {
							await remove(job.id);
							forget(job.id);
							if (leaves) go("work/jobs");
						})
					}
				>
					Take off the list
				</Button>
			)}
			{problem.value && <ProblemNote problem={problem.value} />}
		</div>
	);
}
