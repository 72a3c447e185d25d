// A piece of convivo's own source inside a lesson.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Prose } from "../prose.tsx";
import type { Words } from "../words.ts";

interface CodeProps {
	readonly where: string;
	readonly source: string;
	readonly caption: string;
	readonly words: Words;
}

export function Code({ where, source, caption, words }: CodeProps) {
	return (
		<figure class="excerpt">
			<div class="excerpt-top">
				<code>{where.replace(":", ": ")}</code>
				<span class="soft small">{words.runsHere}</span>
			</div>
			<Coloured source={source} label={where} />
			{caption && (
				<figcaption>
					<Prose isInline html={caption} />
				</figcaption>
			)}
		</figure>
	);
}

/** Python in its colours; without them until they have come. */
export function Coloured({ source, label }: { readonly source: string; readonly label: string }) {
	const element = useRef<HTMLElement>(null);
	const isColoured = useSignal(false);
	useEffect(() => {
		let isHere = true;
		void import("../highlight.ts").then(({ highlighted }) => {
			if (!isHere) return;
			element.current?.replaceChildren(highlighted(source));
			isColoured.value = true;
		});
		return () => {
			isHere = false;
		};
	}, [source, isColoured]);
	return (
		<section class="excerpt-code" aria-label={label}>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
			<pre tabIndex={0}>
				<code ref={element}>{isColoured.peek() ? null : source}</code>
			</pre>
		</section>
	);
}
