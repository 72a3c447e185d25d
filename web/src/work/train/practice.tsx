// Make practice data: simulated nuclei, whose masks are exact.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { link } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import { Button, Slider } from "../../parts/controls.tsx";
import { Progress, State } from "../jobs/progress.tsx";
import { followJobs, jobs, take } from "../jobs/store.ts";
import { listing, order, type Place } from "../lab.ts";

export function Practice({ onMade }: { readonly onMade: (where: Place) => void }) {
	const images = useSignal(20);
	const crowding = useSignal(0.3);
	const id = useSignal("");
	const problem = useSignal<Problem | null>(null);
	useEffect(followJobs, []);
	const job = jobs.value?.find((each) => each.id === id.value);
	const where = job?.state === "done" ? job.out : null;
	useEffect(() => {
		if (where) onMade(where);
	}, [where?.path]);
	const make = async () => {
		problem.value = null;
		try {
			const name = await freeName();
			const made = await order({ type: "simulate", name, images: images.value, crowding: crowding.value });
			take(made);
			id.value = made.id;
		} catch (error) {
			problem.value = asProblem(error);
		}
	};
	return (
		<details class="work-options">
			<summary>No data at hand? Make practice data</summary>
			<p class="soft small">
				Simulated nuclei under a simulated microscope. Where each nucleus lies is known exactly.
			</p>
			<Slider label="Images" value={images} min={6} max={100} step={1} />
			<Slider
				label="Nuclei that touch others"
				value={crowding}
				min={0}
				max={0.8}
				step={0.1}
				say={(value) => `${Math.round(value * 100)} %`}
			/>
			<div class="work-start">
				<Button onClick={() => void make()}>Make them</Button>
				{job && (
					<a href={link(`work/jobs/${job.id}`)}>
						<State job={job} />
					</a>
				)}
			</div>
			{job && <Progress job={job} />}
			{where && (
				<p class="small" role="status">
					They are made, and chosen.
				</p>
			)}
			{job?.problem && <ProblemNote problem={job} />}
			{problem.value && <ProblemNote problem={problem.value} />}
		</details>
	);
}

/** The first name that no practice data of the lab have. */
async function freeName(): Promise<string> {
	const own = await listing({ root: 0, path: "" });
	const hasData = own.entries.some((each) => each.name === "data");
	const taken = hasData ? (await listing({ root: 0, path: "data" })).entries.map((each) => each.name) : [];
	for (let number = 1; ; number++) {
		const name = `practice-${number}`;
		if (!taken.includes(name)) return name;
	}
}
