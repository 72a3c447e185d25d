// An explorable with the bench that it works on: a view of its own, and a window of an image of its own. A screen holds
// one, a lesson several.

import { computed, effect, useComputed } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Explorable } from "../bench.ts";
import { Waiting } from "../parts/waiting.tsx";
import type { Picture } from "../picture.ts";
import type { ViewState } from "../state.ts";
import { ImageMenu, windowState } from "./image-menu.tsx";
import { type Looking, looking, problem as ofDropping } from "./pictures.ts";
import { ProblemNote } from "./problem-note.tsx";
import { ask } from "./server.ts";
import { predictFirst } from "./settings.ts";

const SIDE = 256; // pixels of the window

interface ExploredProps {
	readonly explorable: Explorable;
	/** Where its values are kept. */
	readonly state: ViewState;
	/** Whether the image can be chosen. */
	readonly hasMenu: boolean;
}

export function Explored({ explorable, state, hasMenu }: ExploredProps) {
	const chosen = useMemo(() => windowState(state, explorable.image ?? "nuclei"), [state, explorable]);
	const window = useMemo(looking, [explorable]);
	useEffect(
		() =>
			effect(() => {
				void window.look({ image: chosen.image.value, y: chosen.y.value, x: chosen.x.value, side: SIDE });
			}),
		[chosen, window],
	);
	const hasCome = useComputed(() => window.picture.value !== null);
	const problem = window.problem.value ?? (hasMenu ? ofDropping.value : null);
	return (
		<>
			{hasMenu && explorable.usesPicture && <ImageMenu chosen={chosen} seen={window.picture.value} />}
			{problem && <ProblemNote problem={problem} />}
			{hasCome.value && <Mounted explorable={explorable} state={state} window={window} />}
			{!hasCome.value && problem === null && <Waiting text="The picture is opened …" />}
		</>
	);
}

interface MountedProps {
	readonly explorable: Explorable;
	readonly state: ViewState;
	readonly window: Looking;
}

function Mounted({ explorable, state, window }: MountedProps) {
	const element = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const root = element.current as HTMLElement;
		const picture = computed(() => window.picture.value as Picture); // it is there, and it never goes
		return explorable.mount(root, { picture, state, ask, predictFirst });
	}, [explorable, state, window]);
	return <div ref={element} />;
}
