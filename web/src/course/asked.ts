// Asking the lab for something that a screen shows: until it is there it is waited for, and what fails is said.

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { asProblem, get, type Problem } from "../page/server.ts";

export interface Asked<Value> {
	readonly value: Signal<Value | null>;
	readonly problem: Signal<Problem | null>;
}

/** What stands at an address of the lab; asked anew when the address changes. */
export function useAsked<Value>(path: string): Asked<Value> {
	const value = useSignal<Value | null>(null);
	const problem = useSignal<Problem | null>(null);
	useEffect(() => {
		const abort = new AbortController();
		value.value = null;
		problem.value = null;
		get<Value>(path, abort.signal)
			.then((said) => {
				value.value = said;
			})
			.catch((error: unknown) => {
				if (!abort.signal.aborted) problem.value = asProblem(error);
			});
		return () => abort.abort();
	}, [path, value, problem]);
	return { value, problem };
}
