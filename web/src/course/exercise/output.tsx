// What a program says while it runs: text, figures, arrays, and how it ended.

import { useEffect, useMemo } from "preact/hooks";
import { ProblemNote } from "../../page/problem-note.tsx";
import type { Ended, Output as Piece, Running } from "./running.ts";
import { Seen } from "./seen.tsx";

export function Output({ running }: { readonly running: Running }) {
	const { state, output, ended, ready, problem } = running;
	return (
		<section class="output" aria-label="Output">
			<h3>Output</h3>
			{problem.value && <ProblemNote problem={problem.value} />}
			<div class="output-pieces">
				{output.value.map((piece, number) => (
					<OnePiece key={number} piece={piece} />
				))}
			</div>
			{output.value.length === 0 && state.value === "idle" && !ended.value && !problem.value && (
				<p class="soft small">What your program prints and draws comes here.</p>
			)}
			<p class="output-end small" role="status">
				{state.value === "running" && "It runs …"}
				{state.value === "checking" && "It is checked …"}
				{state.value === "idle" && <End ended={ended.value} ready={ready.value} />}
			</p>
		</section>
	);
}

function End({ ended, ready }: { readonly ended: Ended | null; readonly ready: number | null }) {
	if (!ended) return ready !== null && <span class="soft">It ran and was checked. ({said(ready)})</span>;
	const { reason, sentence, seconds } = ended;
	return (
		<span class={reason === "done" || reason === "stopped" ? "soft" : "output-wrong"}>
			{sentence}
			{seconds > 0 && ` (${said(seconds)})`}
		</span>
	);
}

function said(seconds: number): string {
	return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0)} s`;
}

function OnePiece({ piece }: { readonly piece: Piece }) {
	switch (piece.kind) {
		case "printed":
			return (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
				<pre class={piece.stream === "err" ? "output-text is-error" : "output-text"} tabIndex={0}>
					{piece.text}
				</pre>
			);
		case "figure":
			return <Figure png={piece.png} />;
		case "shown":
			return (
				<div class="output-array">
					<Seen seen={piece.seen} />
				</div>
			);
		case "raised":
			return <Raised {...piece} />;
	}
}

function Raised({ error, message, line, traceback, unwritten }: Extract<Piece, { kind: "raised" }>) {
	const where = line === null ? "" : ` in line ${line}`;
	if (unwritten) {
		return <p class="output-raised is-calm">Not written yet{where}: it is your turn there.</p>;
	}
	return (
		<div class="output-raised">
			<p>
				<strong>{error}</strong>
				{where}: {message}
			</p>
			{traceback && (
				<details>
					<summary>all that Python says</summary>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
					<pre class="output-text" tabIndex={0}>
						{traceback}
					</pre>
				</details>
			)}
		</div>
	);
}

function Figure({ png }: { readonly png: Uint8Array }) {
	const address = useMemo(
		() => URL.createObjectURL(new Blob([png as Uint8Array<ArrayBuffer>], { type: "image/png" })),
		[png],
	);
	useEffect(() => () => URL.revokeObjectURL(address), [address]);
	return <img class="output-figure" src={address} alt="a figure that your program drew" />;
}
