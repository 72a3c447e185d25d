// Asking while a hand moves: one question is under way, and of those that came meanwhile only the newest is asked.

import { type ReadonlySignal, signal } from "@preact/signals";

export interface Newest<Request, Answer> {
	/** The answer to the newest question that was answered. */
	readonly answer: ReadonlySignal<Answer | null>;
	readonly problem: ReadonlySignal<unknown>;
	readonly isAsking: ReadonlySignal<boolean>;
	ask(request: Request): void;
	/** Forget what is under way; for leaving. */
	stop(): void;
}

/** Answers follow the hand as fast as they can be given, and never pile up. */
export function newest<Request, Answer>(
	ask: (request: Request, abort: AbortSignal) => Promise<Answer>,
): Newest<Request, Answer> {
	const answer = signal<Answer | null>(null);
	const problem = signal<unknown>(null);
	const isAsking = signal(false);
	const abort = new AbortController();
	let waiting: { readonly request: Request } | null = null;

	async function go(request: Request): Promise<void> {
		isAsking.value = true;
		try {
			const said = await ask(request, abort.signal);
			if (abort.signal.aborted) return;
			problem.value = null;
			answer.value = said;
		} catch (error) {
			if (abort.signal.aborted) return;
			problem.value = error;
		}
		const next = waiting;
		waiting = null;
		if (next) await go(next.request);
		else isAsking.value = false;
	}

	return {
		answer,
		problem,
		isAsking,
		ask(request) {
			if (isAsking.peek()) waiting = { request };
			else void go(request);
		},
		stop() {
			waiting = null;
			abort.abort();
		},
	};
}
