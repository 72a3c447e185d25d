// A draft is kept a moment after the last change, before a run, and when the page is left.

import { useEffect, useMemo } from "preact/hooks";
import { keepDraft } from "../progress.ts";
import type { Rung } from "../told.ts";

export interface Draft {
	readonly changed: (text: string) => void;
	/** Keep it now. */
	readonly keep: () => void;
	/** Forget a change that was not kept yet. */
	readonly drop: () => void;
}

const SETTLED = 500; // milliseconds without change

export function useDraft(exercise: string, rung: Rung): Draft {
	const draft = useMemo(() => drafting(exercise, rung), [exercise, rung]);
	useEffect(() => {
		addEventListener("pagehide", draft.keep);
		return () => {
			removeEventListener("pagehide", draft.keep);
			draft.keep();
		};
	}, [draft]);
	return draft;
}

function drafting(exercise: string, rung: Rung): Draft {
	let waiting: string | null = null;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const drop = () => {
		clearTimeout(timer);
		waiting = null;
	};
	const keep = () => {
		const text = waiting;
		drop();
		if (text !== null) void keepDraft(exercise, rung, text);
	};
	return {
		drop,
		keep,
		changed(text) {
			waiting = text;
			clearTimeout(timer);
			timer = setTimeout(keep, SETTLED);
		},
	};
}
