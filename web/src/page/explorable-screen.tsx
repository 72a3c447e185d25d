// One explorable as a screen: its view is kept in the address.

import { computed, effect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Explorable } from "../bench.ts";
import { ViewState } from "../state.ts";
import { address, write } from "./address.ts";
import { Explored } from "./explored.tsx";

export function ExplorableScreen({ explorable }: { readonly explorable: Explorable }) {
	const state = useMemo(() => {
		const made: ViewState = new ViewState(given(), () => write(explorable.name, () => made.written()));
		return made;
	}, [explorable]);
	useEffect(() => effect(() => state.take(addressValues.value)), [state]);
	return (
		<>
			<header>
				<h1>{explorable.title}</h1>
				<p class="soft">{explorable.question}</p>
			</header>
			<Explored explorable={explorable} state={state} hasMenu />
		</>
	);
}

const addressValues = computed(() => given());

function given(): [string, string][] {
	return address.value.values.map(([name, value]) => [name, value]);
}
