// One explorable in the page: it gets its bench, and its view is kept in the address.

import { computed, effect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Explorable } from "../bench.ts";
import { Waiting } from "../parts/waiting.tsx";
import type { Picture } from "../picture.ts";
import { ViewState } from "../state.ts";
import { address, write } from "./address.ts";
import { ImageMenu, windowState } from "./image-menu.tsx";
import { look, picture, problem } from "./pictures.ts";
import { ProblemNote } from "./problem-note.tsx";
import { ask } from "./server.ts";
import { predictFirst } from "./settings.ts";

export function ExplorableScreen({ explorable }: { readonly explorable: Explorable }) {
	const state = useMemo(() => {
		const made: ViewState = new ViewState(given(), () => write(explorable.name, () => made.written()));
		return made;
	}, [explorable]);
	const chosen = useMemo(() => windowState(state, explorable.image ?? "nuclei"), [state]);
	useEffect(() => effect(() => state.take(addressValues.value)), [state]);
	useEffect(
		() =>
			effect(() => {
				void look({ image: chosen.image.value, y: chosen.y.value, x: chosen.x.value, side: 256 });
			}),
		[chosen],
	);
	// the picture of the screen before would be asked about for nothing, and jump away
	const hasCome = useRef(false);
	hasCome.current ||=
		picture.value?.image === chosen.image.value || (problem.value !== null && picture.value !== null);
	return (
		<>
			<header>
				<h1>{explorable.title}</h1>
				<p class="soft">{explorable.question}</p>
			</header>
			{explorable.usesPicture && <ImageMenu chosen={chosen} />}
			{problem.value && <ProblemNote problem={problem.value} />}
			{hasCome.current && <Mounted explorable={explorable} state={state} />}
			{!hasCome.current && problem.value === null && <Waiting text="The picture is opened …" />}
		</>
	);
}

function Mounted({ explorable, state }: { readonly explorable: Explorable; readonly state: ViewState }) {
	const element = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const root = element.current as HTMLElement;
		return explorable.mount(root, { picture: shown, state, ask, predictFirst });
	}, [explorable, state]);
	return <div ref={element} />;
}

const shown: ReadonlySignal<Picture> = computed(() => picture.value as Picture);
const addressValues = computed(() => given());

function given(): [string, string][] {
	return address.value.values.map(([name, value]) => [name, value]);
}
