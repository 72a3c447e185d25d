// An explorable inside a lesson: its view begins as the lesson sets it. It is mounted once it is scrolled near, because
// a lesson holds several.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Explorable } from "../../bench.ts";
import { EXPLORABLES } from "../../explorables/index.ts";
import { link } from "../../page/address.ts";
import { Explored } from "../../page/explored.tsx";
import { ProblemNote } from "../../page/problem-note.tsx";
import { ViewState } from "../../state.ts";
import { Prose } from "../prose.tsx";
import type { Words } from "../words.ts";

const NEAR = "600px 0px"; // how far from the window it is made ready

interface LiveProps {
	readonly name: string;
	readonly values: Readonly<Record<string, string>>;
	readonly caption: string;
	readonly words: Words;
}

export function Live(props: LiveProps) {
	const explorable = EXPLORABLES.find((each) => each.name === props.name);
	if (explorable) return <Staged {...props} explorable={explorable} />;
	const problem = `there is no explorable ${props.name}`;
	return <ProblemNote problem={{ problem, fix: "reload the page, so that it is of this version" }} />;
}

interface StagedProps extends LiveProps {
	readonly explorable: Explorable;
}

function Staged({ name, values, caption, words, explorable }: StagedProps) {
	const element = useRef<HTMLElement>(null);
	const isNear = useSignal(false);
	const changes = useSignal(0);
	const state = useMemo(
		() =>
			new ViewState(Object.entries(values), () => {
				changes.value = changes.peek() + 1;
			}),
		[values, changes],
	);
	const address = useComputed(() => link(name, changes.value ? state.written() : Object.entries(values)));
	useEffect(() => {
		const watching = new IntersectionObserver(
			(seen) => {
				if (!seen.some((each) => each.isIntersecting)) return;
				isNear.value = true;
				watching.disconnect();
			},
			{ rootMargin: NEAR },
		);
		watching.observe(element.current as HTMLElement);
		return () => watching.disconnect();
	}, [isNear]);
	return (
		<figure class="live" ref={element} aria-label={explorable.title}>
			<div class="live-top">
				<span class="live-title">{explorable.title}</span>
				<a class="small" href={address.value}>
					{words.openInLab}
				</a>
			</div>
			{/* above: it says what to do */}
			{caption && (
				<figcaption>
					<Prose isInline html={caption} />
				</figcaption>
			)}
			<div class={isNear.value ? "live-stage" : "live-stage is-away"} lang="en">
				{isNear.value && <Explored explorable={explorable} state={state} hasMenu={false} />}
			</div>
		</figure>
	);
}
