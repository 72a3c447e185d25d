// One slide: words on the left, what can be touched on the right; without either, the other has the room.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { Code } from "../course/lesson/code.tsx";
import { Prose } from "../course/prose.tsx";
import type { Block } from "../course/told.ts";
import { wordsOf } from "../course/words.ts";
import { EXPLORABLES } from "../explorables/index.ts";
import { Explored } from "../page/explored.tsx";
import { ProblemNote } from "../page/problem-note.tsx";
import { ViewState } from "../state.ts";
import { parted, type Slide } from "./told.ts";

type Live = Extract<Block, { kind: "explorable" }>;

interface SlideViewProps {
	readonly slide: Slide;
	readonly number: number;
	readonly count: number;
	/** How small an explorable may be made before it scrolls, 1 being its own size. */
	readonly smallest: number;
}

export function SlideView({ slide, number, count, smallest }: SlideViewProps) {
	const { shown } = parted(slide);
	const live = shown.filter((block): block is Live => block.kind === "explorable");
	const said = shown.filter((block) => block.kind !== "explorable");
	const form = live.length === 0 ? "slide is-words" : said.length === 0 ? "slide is-live" : "slide";
	return (
		<section class={number === 0 ? `${form} is-first` : form} aria-label={`Slide ${number + 1} of ${count}`}>
			{slide.title && <h1 class="slide-title">{slide.title}</h1>}
			<div class="slide-body">
				{said.length > 0 && <div class="slide-words">{said.map((block, at) => words(block, at))}</div>}
				{live.map((block) => (
					<Touched key={block.name} {...block} smallest={smallest} />
				))}
			</div>
			<p class="slide-number" aria-hidden="true">
				{number + 1}
			</p>
		</section>
	);
}

function words(block: Block, at: number) {
	if (block.kind === "code") return <Code key={at} {...block} words={wordsOf("en")} />;
	return "html" in block ? <Prose key={at} html={block.html} /> : null;
}

/** An explorable, made so small that all of it is seen. */
function Touched({ name, values, caption, smallest }: Live & Pick<SlideViewProps, "smallest">) {
	const stage = useRef<HTMLDivElement>(null);
	const explorable = EXPLORABLES.find((each) => each.name === name);
	const state = useMemo(() => new ViewState(Object.entries(values)), [values]);
	useEffect(() => (stage.current ? fitted(stage.current, smallest) : undefined), [smallest]);
	if (!explorable) {
		const problem = { problem: `there is no explorable ${name}`, fix: "correct its name in the talk" };
		return <ProblemNote problem={problem} />;
	}
	return (
		<figure class="slide-live" aria-label={explorable.title}>
			<div class="slide-stage" ref={stage}>
				<div class="slide-explorable">
					<Explored explorable={explorable} state={state} hasMenu={false} />
				</div>
			</div>
			{caption && (
				<figcaption>
					<Prose isInline html={caption} />
				</figcaption>
			)}
		</figure>
	);
}

const LARGEST = 1.25;

/** Keep what stands in the stage as large as fits into it, for as long as it is there. */
function fitted(stage: HTMLElement, smallest: number): () => void {
	const shown = stage.firstElementChild as HTMLElement;
	const fit = () => {
		const now = Number(shown.style.zoom || 1);
		const wanted = stage.clientHeight / shown.scrollHeight; // which is told without its zoom
		const zoom = Math.max(smallest, Math.min(LARGEST, wanted));
		if (Math.abs(zoom - now) > 0.02) shown.style.zoom = zoom.toFixed(2);
	};
	const watching = new ResizeObserver(fit);
	watching.observe(stage);
	watching.observe(shown);
	return () => watching.disconnect();
}
