// The numbers of both nets, one under the other.

import type { Answer, Judged } from "./answers.ts";

interface Row {
	readonly name: string;
	readonly label: string;
	readonly say: (answer: Answer) => string;
}

const ROWS: readonly Row[] = [
	{ name: "found", label: "nuclei found", say: (answer) => String(answer.found) },
	{
		name: "right",
		label: "of them right (IoU 0.5)",
		say: ofTruth((judged) => `${judged.right} of ${judged.there}`),
	},
	{ name: "accuracy", label: "accuracy at IoU 0.5", say: ofTruth((judged) => judged.accuracy.toFixed(2)) },
	{ name: "strict", label: "accuracy at IoU 0.9", say: ofTruth((judged) => judged.strict.toFixed(2)) },
	{
		name: "tested",
		label: "IoU 0.9, on real test images",
		say: ({ tested }) => tested?.strict.toFixed(2) ?? "–",
	},
	{
		name: "off",
		label: "their outlines off by (IoU 0.75)",
		say: ofTruth((judged) => (judged.off === null ? "–" : `${judged.off.toFixed(2)} px`)),
	},
	{ name: "weights", label: "weights", say: (answer) => answer.weights.toLocaleString("en") },
];

export function Scores({
	whole,
	cut,
}: {
	readonly whole: Answer | undefined;
	readonly cut: Answer | undefined;
}) {
	return (
		<div>
			<table class="cut-the-wire-scores">
				<thead>
					<tr>
						<td />
						<th scope="col">all skips</th>
						<th scope="col">cut</th>
					</tr>
				</thead>
				<tbody>
					{ROWS.map(({ name, label, say }) => (
						<tr key={name}>
							<th scope="row">{label}</th>
							<td data-read={`${name}-whole`}>{whole ? say(whole) : "…"}</td>
							<td data-read={`${name}-cut`}>{cut ? say(cut) : "…"}</td>
						</tr>
					))}
				</tbody>
			</table>
			{whole && !whole.judged && (
				<p class="small soft">Of your own picture nobody told the truth: compare the two answers by eye.</p>
			)}
		</div>
	);
}

function ofTruth(say: (judged: Judged) => string): (answer: Answer) => string {
	return ({ judged }) => (judged ? say(judged) : "–");
}
