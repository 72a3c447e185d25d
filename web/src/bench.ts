// What an explorable is given, and what it is. It knows no page: the lab, a lesson, a slide and a notebook each
// make a bench and mount it.

import type { ReadonlySignal } from "@preact/signals";
import type { Picture } from "./picture.ts";
import type { ViewState } from "./state.ts";

/** Asks the worker a question of `convivo.lab.questions`; what comes back may hold tensors. Rejects with a Problem. */
export type Ask = <Answer>(question: string, request: object, abort?: AbortSignal) => Promise<Answer>;

/** What an explorable works on. */
export interface Bench {
	/** The image that is looked at; it changes when the person chooses another one. */
	readonly picture: ReadonlySignal<Picture>;
	/** Every value that a person can set and that belongs to the view; the lab keeps it in the address bar. */
	readonly state: ViewState;
	readonly ask: Ask;
	/** Whether results stay hidden until the learner has committed to a prediction. */
	readonly predictFirst: ReadonlySignal<boolean>;
}

/** Draws an explorable into an element; call what it returns to leave. */
export type Mount = (element: HTMLElement, bench: Bench) => () => void;

/** One screen. */
export interface Explorable {
	/** As it stands in the address. */
	readonly name: string;
	readonly title: string;
	/** The question that it answers, in one sentence. */
	readonly question: string;
	/** Whether the bench's picture is shown; false where the image menu has no effect. */
	readonly usesPicture: boolean;
	/** The practice image to begin with; the default is "nuclei". */
	readonly image?: string;
	readonly mount: Mount;
}
