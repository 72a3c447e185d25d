// The talk. `#/slides?slide=3` shows it to the room; `&view=speaker` shows notes and clock, in a window of its own that
// turns along; `&view=paper` lays all slides out as pages, for the PDF.

import { useComputed, useSignal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";
import { useAsked } from "../course/asked.ts";
import { useTitle } from "../course/settings.ts";
import { address, go, link } from "../page/address.ts";
import { ProblemNote } from "../page/problem-note.tsx";
import { Button } from "../parts/controls.tsx";
import { actionOf, turned } from "./keys.ts";
import { SlideView } from "./slide-view.tsx";
import { Speaker } from "./speaker.tsx";
import "./slides.css";
import { began, hearSlide, setBegan, tellSlide } from "./shared.ts";
import type { Talk } from "./told.ts";

export const SLIDES = "slides";

/** How small explorables may become: on a screen the last row must read them, on paper nobody can scroll. */
const ON_SCREEN = 0.6;
const ON_PAPER = 0.4;

export function Slides() {
	const talk = useAsked<Talk>("course/talk");
	useTitle("The talk");
	if (talk.problem.value) return <ProblemNote problem={talk.problem.value} />;
	if (!talk.value.value) return <p class="soft">The talk is opened …</p>;
	if (value("view") === "paper") return <Paper talk={talk.value.value} />;
	return <Shown talk={talk.value.value} />;
}

/** All slides, or with `&slide=3` that one. */
function Paper({ talk }: { readonly talk: Talk }) {
	useEffect(sheet, []);
	const only = Number(value("slide"));
	return (
		<main class="slides-paper">
			{talk.map(
				(slide, number) =>
					(!only || only === number + 1) && (
						<SlideView key={number} slide={slide} number={number} count={talk.length} smallest={ON_PAPER} />
					),
			)}
		</main>
	);
}

/** The size of the sheet, 16 to 9, while slides are on paper: for all else the page has that of the printer. */
function sheet(): () => void {
	const size = new CSSStyleSheet();
	size.replaceSync("@page { size: 13.333in 7.5in; margin: 0 }");
	document.adoptedStyleSheets.push(size);
	return () => {
		document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== size);
	};
}

function Shown({ talk }: { readonly talk: Talk }) {
	const count = talk.length;
	const number = useComputed(() => Math.min(Math.max(Number(value("slide") || 1), 1), count) - 1);
	const isSpeaker = value("view") === "speaker";
	const hasNotes = useSignal(isSpeaker);
	const turn = useTurning(number.value, isSpeaker);
	useEffect(() => {
		const pressed = (event: KeyboardEvent) => {
			const action = actionOf(event);
			if (!action) return;
			event.preventDefault();
			if (action === "notes") hasNotes.value = !hasNotes.value;
			else if (action === "clock") setBegan(Date.now());
			else if (action === "full") void document.documentElement.requestFullscreen();
			else if (action === "leave") go("course");
			else turn(turned(action, number.peek(), count));
		};
		addEventListener("keydown", pressed);
		return () => removeEventListener("keydown", pressed);
	}, [count, hasNotes, number, turn]);
	const slide = talk[number.value];
	if (!slide) return null;
	return (
		<main class={hasNotes.value ? "slides has-notes" : "slides"}>
			{!isSpeaker && (
				<SlideView
					key={number.value}
					slide={slide}
					number={number.value}
					count={count}
					smallest={ON_SCREEN}
				/>
			)}
			{isSpeaker && <h1 class="speaker-title">{slide.title}</h1>}
			{hasNotes.value && <Speaker talk={talk} number={number.value} />}
			<nav class="slides-bar" aria-label="Slides">
				<Button label="back" isDisabled={number.value === 0} onClick={() => turn(number.value - 1)}>
					←
				</Button>
				<span class="slides-count">
					{number.value + 1} / {count}
				</span>
				<Button label="next" isDisabled={number.value === count - 1} onClick={() => turn(number.value + 1)}>
					→
				</Button>
				<span class="spacer" />
				<Button
					onClick={() => {
						hasNotes.value = !hasNotes.value;
					}}
				>
					Notes
				</Button>
				{!isSpeaker && (
					<a class="button" href={spoken(number.value)} target="convivo-speaker" rel="opener">
						Notes in a window
					</a>
				)}
				<a class="button" href={link("course")}>
					Leave
				</a>
			</nav>
		</main>
	);
}

/** Turns slides, in all windows that show the talk; the clock starts when the first slide is left. */
function useTurning(number: number, isSpeaker: boolean): (to: number) => void {
	const turn = useCallback(
		(to: number) => {
			const view: [string, string][] = isSpeaker ? [["view", "speaker"]] : [];
			go(SLIDES, [["slide", String(to + 1)], ...view]);
		},
		[isSpeaker],
	);
	useEffect(() => hearSlide(turn), [turn]);
	useEffect(() => {
		tellSlide(number);
		if (number > 0 && began.peek() === null) setBegan(Date.now());
	}, [number]);
	return turn;
}

function value(name: string): string {
	return address.value.values.find(([key]) => key === name)?.[1] ?? "";
}

function spoken(number: number): string {
	return link(SLIDES, [
		["slide", String(number + 1)],
		["view", "speaker"],
	]);
}
