// A program that runs: what it says comes piece by piece while it runs, and stop works at once.

import { decodeMultiStream } from "@msgpack/msgpack";
import { type ReadonlySignal, signal } from "@preact/signals";
import { asProblem, Problem, request, send } from "../../page/server.ts";
import { type Tensor, withTensors } from "../../tensor.ts";

/** An array or a text, as `convivo.lab.course.told.Seen` has it. */
export interface Seen {
	readonly title: string;
	readonly array: Tensor | null;
	readonly text: string | null;
	/** Of a large array only each so-manyth number is here. */
	readonly every: number;
	readonly shape: readonly number[];
	readonly signed: boolean;
	readonly integer: boolean;
}

export interface Checked {
	readonly kind: "checked";
	readonly name: string;
	readonly title: string;
	readonly points: number;
	readonly passed: boolean;
	/** It asks for something that is not written yet. */
	readonly unwritten: boolean;
	readonly sentence: string;
	readonly panels: readonly Seen[];
}

export type Output =
	| { readonly kind: "printed"; readonly text: string; readonly stream: string }
	| { readonly kind: "figure"; readonly png: Uint8Array }
	| { readonly kind: "shown"; readonly seen: Seen }
	| {
			readonly kind: "raised";
			readonly error: string;
			readonly message: string;
			readonly line: number | null;
			readonly traceback: string;
			/** Whether it came from a part that is not written yet. */
			readonly unwritten: boolean;
	  };

export interface Ended {
	readonly kind: "ended";
	readonly reason: string;
	readonly sentence: string;
	readonly seconds: number;
}

type Told =
	| Output
	| Checked
	| Ended
	| { readonly kind: "begun"; readonly id: number }
	| { readonly kind: "ready"; readonly seconds: number }
	| { readonly kind: "failed"; readonly problem: string; readonly fix: string };

export interface Order {
	readonly exercise: string;
	readonly rung: string;
	readonly check: boolean;
	readonly source?: string;
	readonly laid?: readonly { readonly line: number; readonly level: number }[];
}

export interface Running {
	readonly state: ReadonlySignal<"idle" | "running" | "checking">;
	readonly output: ReadonlySignal<readonly Output[]>;
	readonly checked: ReadonlySignal<readonly Checked[]>;
	readonly ended: ReadonlySignal<Ended | null>;
	/** How long the program took to its last line, before it was checked. */
	readonly ready: ReadonlySignal<number | null>;
	readonly problem: ReadonlySignal<Problem | null>;
	/** Begin; what was under way is replaced. Resolves when it is over. */
	start(order: Order): Promise<void>;
	stop(): void;
	/** Forget what was said; for another rung. */
	clear(): void;
}

const MOST_PIECES = 200; // of what a program says; what came first goes

/** What runs on a page: one program at a time. */
export function running(): Running {
	const page = crypto.randomUUID();
	const state = signal<"idle" | "running" | "checking">("idle");
	const output = signal<readonly Output[]>([]);
	const checked = signal<readonly Checked[]>([]);
	const ended = signal<Ended | null>(null);
	const ready = signal<number | null>(null);
	const problem = signal<Problem | null>(null);
	let current: { id: number; isStopped: boolean; abort: AbortController } | null = null;

	const clear = () => {
		current?.abort.abort();
		current = null;
		state.value = "idle";
		output.value = [];
		checked.value = [];
		ended.value = null;
		ready.value = null;
		problem.value = null;
	};

	const halt = (id: number) => {
		send("POST", `course/runs/${id}/stop`).catch((error: unknown) => {
			problem.value = asProblem(error);
		});
	};

	return {
		state,
		output,
		checked,
		ended,
		ready,
		problem,
		clear,
		async start(order) {
			clear();
			const mine = { id: 0, isStopped: false, abort: new AbortController() };
			current = mine;
			state.value = "running";
			const batch = batched((pieces) => {
				if (current === mine) output.value = joined(output.value, pieces);
			});
			try {
				for await (const told of stream({ page, ...order }, mine.abort.signal)) {
					if (current !== mine) return;
					if (told === null) continue; // the lab asks whether this page is still there
					if (told.kind === "begun") {
						mine.id = told.id;
						if (mine.isStopped) halt(mine.id);
					} else if (told.kind === "ready") {
						ready.value = told.seconds;
						state.value = "checking";
					} else if (told.kind === "checked") checked.value = [...checked.value, told];
					else if (told.kind === "ended") ended.value = told;
					else if (told.kind === "failed") problem.value = new Problem(told.problem, told.fix, 0);
					else batch.add(told);
				}
			} catch (error) {
				if (current === mine) problem.value = asProblem(error);
			} finally {
				batch.flush();
				if (current === mine) state.value = "idle";
			}
		},
		stop() {
			if (!current || state.peek() === "idle") return;
			current.isStopped = true;
			if (current.id) halt(current.id);
		},
	};
}

async function* stream(asked: object, signal: AbortSignal): AsyncGenerator<Told | null> {
	const reply = await request("course/runs", { method: "POST", body: JSON.stringify(asked), signal });
	for await (const told of decodeMultiStream(reply.body as ReadableStream<Uint8Array<ArrayBuffer>>)) {
		yield withTensors(told) as Told | null;
	}
}

/** What comes within one frame is shown at once: a program may say a thousand things in it. */
function batched(show: (pieces: readonly Output[]) => void) {
	let waiting: Output[] = [];
	let frame = 0;
	const flush = () => {
		cancelAnimationFrame(frame);
		frame = 0;
		if (waiting.length > 0) show(waiting);
		waiting = [];
	};
	return {
		add(piece: Output) {
			waiting.push(piece);
			frame ||= requestAnimationFrame(flush);
		},
		flush,
	};
}

/** Pieces of text that follow each other in one stream become one. */
export function joined(before: readonly Output[], pieces: readonly Output[]): readonly Output[] {
	const all = [...before];
	for (const piece of pieces) {
		const last = all.at(-1);
		if (piece.kind === "printed" && last?.kind === "printed" && last.stream === piece.stream) {
			all[all.length - 1] = { ...piece, text: last.text + piece.text };
		} else all.push(piece);
	}
	return all.slice(-MOST_PIECES);
}
