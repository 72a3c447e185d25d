// Check a data set, and read the findings where one is.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { link } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import { Button } from "../../parts/controls.tsx";
import { Progress, State } from "../jobs/progress.tsx";
import { followJobs, jobs, take } from "../jobs/store.ts";
import { type Job, type Method, order, type Place } from "../lab.ts";
import { Checked } from "./checked.tsx";

interface CheckHereProps {
	readonly data: Place | undefined;
	readonly method: Method;
	readonly isMain?: boolean;
}

export function CheckHere({ data, method, isMain = false }: CheckHereProps) {
	const id = useSignal("");
	const asked = useSignal("");
	const problem = useSignal<Problem | null>(null);
	useEffect(followJobs, []);
	const question = data ? `${data.root}/${data.path}/${method}` : "";
	const isOld = asked.value !== question; // the answer is of other data, or of another method
	const job = isOld ? undefined : jobs.value?.find((each) => each.id === id.value);
	const check = async () => {
		problem.value = null;
		try {
			const made = await order({ type: "check", data, method });
			take(made);
			id.value = made.id;
			asked.value = question;
		} catch (error) {
			problem.value = asProblem(error);
		}
	};
	return (
		<>
			<div class="work-start">
				<Button
					isMain={isMain}
					isDisabled={!data || (job && !isOver(job)) || false}
					onClick={() => void check()}
				>
					Check the data
				</Button>
				{job ? (
					<a href={link(`work/jobs/${job.id}`)}>
						<State job={job} />
					</a>
				) : (
					<p class="soft small">{data ? "It takes seconds." : "Choose a data folder first."}</p>
				)}
			</div>
			{job && <Progress job={job} />}
			{job?.problem && <ProblemNote problem={job} />}
			{problem.value && <ProblemNote problem={problem.value} />}
			<div aria-live="polite">{job && <Checked job={job} />}</div>
		</>
	);
}

function isOver(job: Job): boolean {
	return !["waiting", "running", "stopping"].includes(job.state);
}
