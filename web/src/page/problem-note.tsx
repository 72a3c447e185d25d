// A problem with its fix, as everything that goes wrong is told.

import type { Problem } from "./server.ts";

export function ProblemNote({ problem }: { readonly problem: Pick<Problem, "problem" | "fix"> }) {
	return (
		<div class="problem" role="alert">
			<p>{sentence(problem.problem)}</p>
			<p class="soft">{sentence(problem.fix)}</p>
		</div>
	);
}

function sentence(text: string): string {
	const isWord = /^[a-z]+[,:;]?(\s|$)/.test(text); // no name of a file, which is told as it is
	const begun = isWord ? text.charAt(0).toUpperCase() + text.slice(1) : text;
	return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
