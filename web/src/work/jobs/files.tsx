// The files that a job has made: where they lie, and to take along.

import { useSignal } from "@preact/signals";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import { Button } from "../../parts/controls.tsx";
import { download, type WholeJob } from "../lab.ts";
import { count, size } from "../words.ts";

export function Files({ whole }: { readonly whole: WholeJob }) {
	const problem = useSignal<Problem | null>(null);
	const { job, files } = whole;
	if (!job.folder) return null;
	const save = async (path: string, name: string) => {
		problem.value = null;
		try {
			await download(`jobs/${job.id}/${path}`, name);
		} catch (error) {
			problem.value = asProblem(error);
		}
	};
	return (
		<section class="work-panel" aria-labelledby="job-files">
			<h2 id="job-files">Files</h2>
			<p class="work-folder">
				<span class="soft">They lie in</span> <code>{job.folder}</code>
			</p>
			{files.length > 0 && (
				<>
					<div class="work-actions">
						<Button onClick={() => void save("files.zip", `${job.title}.zip`)}>
							Download all ({size(files.reduce((sum, each) => sum + each.bytes, 0))})
						</Button>
					</div>
					<details class="work-options">
						<summary>{count(files.length, "file")}</summary>
						<ul class="work-files">
							{files.map((each) => (
								<li key={each.name}>
									<Button
										label={`download ${each.name}`}
										onClick={() => void save(`files/${encodeURIComponent(each.name)}`, each.name)}
									>
										{each.name}
									</Button>
									<span class="soft small">{size(each.bytes)}</span>
								</li>
							))}
						</ul>
					</details>
				</>
			)}
			{problem.value && <ProblemNote problem={problem.value} />}
		</section>
	);
}
