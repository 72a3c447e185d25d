// What only the speaker needs: notes, the clock against the plan, and what comes next.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Prose } from "../course/prose.tsx";
import { Button } from "../parts/controls.tsx";
import { behind, comparison, plan, said } from "./clock.ts";
import { began, setBegan } from "./shared.ts";
import { parted, type Talk } from "./told.ts";

interface SpeakerProps {
	readonly talk: Talk;
	readonly number: number;
}

export function Speaker({ talk, number }: SpeakerProps) {
	const elapsed = useElapsed(began.value);
	const slides = talk.map(parted);
	const begins = plan(slides.map((each) => each.minutes));
	const here = slides[number];
	return (
		<aside class="speaker" aria-label="Speaker notes">
			<div class="speaker-top">
				<p class="speaker-clock">
					<span class="speaker-time">{said(elapsed)}</span>{" "}
					<span class="soft">
						of {said(begins.at(-1) as number)}
						{began.value !== null && `, ${comparison(behind(begins, number, elapsed))}`}
					</span>
				</p>
				<Button onClick={() => setBegan(Date.now())}>
					{began.value === null ? "Start the clock" : "Clock to zero"}
				</Button>
			</div>
			<Prose html={here?.notes ?? ""} class="speaker-notes" />
			<p class="small soft">
				{said(here?.minutes ?? 0)} for this slide, until {said(begins[number + 1] as number)}.{" "}
				{talk[number + 1] ? `Next: ${talk[number + 1]?.title}.` : "This is the last one."}
			</p>
		</aside>
	);
}

/** Minutes since the talk began. */
function useElapsed(began: number | null): number {
	const now = useSignal(Date.now());
	useEffect(() => {
		if (began === null) return;
		now.value = Date.now();
		const ticking = setInterval(() => {
			now.value = Date.now();
		}, 1000);
		return () => clearInterval(ticking);
	}, [began, now]);
	return began === null ? 0 : Math.max(0, now.value - began) / 60_000;
}
