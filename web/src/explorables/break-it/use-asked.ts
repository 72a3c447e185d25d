// A question asked once for each request; the answer before stays until the next is there.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Bench } from "../../bench.ts";

export interface Reply<Answer> {
	readonly answer: Answer | null;
	/** What went wrong and what to do, in words; empty where nothing did. */
	readonly problem: string;
}

export function useAsked<Answer>(bench: Bench, question: string, request: object): Reply<Answer> {
	const reply = useSignal<Reply<Answer>>({ answer: null, problem: "" });
	const written = JSON.stringify(request);
	useEffect(() => {
		const abort = new AbortController();
		bench
			.ask<Answer>(question, JSON.parse(written), abort.signal)
			.then((answer) => {
				if (!abort.signal.aborted) reply.value = { answer, problem: "" };
			})
			.catch((error: unknown) => {
				if (!abort.signal.aborted) reply.value = { answer: reply.peek().answer, problem: inWords(error) };
			});
		return () => abort.abort();
	}, [bench, question, written, reply]);
	return reply.value;
}

function inWords(error: unknown): string {
	const { problem, fix } = error as { readonly problem?: string; readonly fix?: string };
	return problem ? `${problem}. ${fix ?? ""}` : String(error);
}
