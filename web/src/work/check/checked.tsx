// What a check of a data set found.

import { Findings, worst } from "../findings.tsx";
import type { Job, Level } from "../lab.ts";
import { count } from "../words.ts";

const VERDICTS: Record<Level, string> = {
	fine: "Nothing was found that would spoil a training.",
	note: "Nothing was found that would spoil a training; some things are worth knowing.",
	warn: "Look at this before you train.",
	stop: "Do not train on this as it is.",
};

export function Checked({ job }: { readonly job: Job }) {
	const result = job.result;
	if (result?.type !== "Checked") return null;
	return (
		<div class="work-checked">
			<p>
				<strong>{VERDICTS[worst(result.findings)]}</strong>{" "}
				<span class="soft">
					Looked at: {count(result.images, "image")} in {count(result.groups, "group")}.
				</span>
			</p>
			<Findings findings={result.findings} />
		</div>
	);
}
