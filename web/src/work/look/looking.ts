// What the lab answers when one looks at a prediction, and when objects are decided again under other settings.

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { ask, asProblem, type Problem } from "../../page/server.ts";
import { newest } from "../../parts/newest.ts";
import type { Tensor } from "../../tensor.ts";
import type { Finding, Source } from "../lab.ts";
import type { Objects } from "./objects.ts";

/** Which image, which model, and how: `convivo.lab.questions.look.Look`. */
export interface Question {
	readonly image: Source;
	readonly model: string;
	readonly settings: Readonly<Record<string, number>>;
	readonly page?: number;
	readonly y?: number;
	readonly x?: number;
	readonly scale?: number;
	readonly axes?: string;
	readonly channel?: string;
}

export interface Decided {
	/** (Y, X) on the picture's pixels; 0 is background. */
	readonly labels: Tensor;
	readonly objects: Objects;
	/** All settings as they were used. */
	readonly settings: Readonly<Record<string, number | string>>;
	readonly engine: string;
	readonly notes: readonly string[];
}

export interface Looked {
	readonly name: string;
	/** (Y, X), means over squares of `step` pixels of the image. */
	readonly pixels: Tensor;
	readonly low: number;
	readonly high: number;
	readonly step: number;
	/** Upper left pixel of the picture in the image, and the size of that. */
	readonly y: number;
	readonly x: number;
	readonly height: number;
	readonly width: number;
	readonly page: number;
	readonly pages: number;
	readonly decided: Decided | null;
	readonly restored: Tensor | null;
	readonly findings: readonly Finding[];
	/** As `labels`, where it is known. */
	readonly truth?: Tensor | null;
}

export interface Looking {
	readonly looked: ReadonlySignal<Looked | null>;
	readonly decided: ReadonlySignal<Decided | null>;
	readonly problem: ReadonlySignal<Problem | null>;
	readonly isAsking: ReadonlySignal<boolean>;
	look(question: Question): void;
	decide(question: Question): void;
	stop(): void;
}

/** Asks about one image; answers to `decide` follow the hand. */
export function looking(): Looking {
	const looked = signal<Looked | null>(null);
	const decided: Signal<Decided | null> = signal(null);
	const problem = signal<Problem | null>(null);
	const looks = newest((question: Question, abort) => ask<Looked>("look", question, abort));
	const decides = newest((question: Question, abort) => ask<Decided>("decide", question, abort));
	const leave = [
		looks.answer.subscribe((said) => {
			looked.value = said;
			decided.value = said?.decided ?? null;
		}),
		decides.answer.subscribe((said) => {
			if (said) decided.value = said;
		}),
		looks.problem.subscribe(tell),
		decides.problem.subscribe(tell),
	];
	function tell(error: unknown): void {
		problem.value = error ? asProblem(error) : null;
	}
	return {
		looked,
		decided,
		problem,
		isAsking: looks.isAsking,
		look: looks.ask,
		decide: decides.ask,
		stop() {
			looks.stop();
			decides.stop();
			for (const each of leave) each();
		},
	};
}
