// The screen: little light, and pairs that do not lie on each other.

import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { useDrawn } from "../../parts/drawn.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { Exposure } from "./exposure.tsx";
import { Registration } from "./registration.tsx";
import { viewOf } from "./view.ts";

export function TwoMicroscopes({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench), [bench]);
	useEffect(() => view.follow(), [view]);
	const { pair, shifted } = view.answers;
	const shown = view.tab.value === "exposure" ? pair.answer.value : shifted.answer.value;
	// whenever one of these changes, something new is drawn
	const drawn = useMemo(() => ({}), [shown, view.row.value, view.column.value]);
	useDrawn(root, drawn);
	const problem = (view.tab.value === "exposure" ? pair : shifted).problem.value;
	return (
		<div ref={root}>
			<Tabs
				label="Two microscopes"
				value={view.tab}
				options={[
					["exposure", "Little light"],
					["registration", "Pairs that do not fit"],
				]}
			>
				{problem !== null && (
					<p class="problem">{problem instanceof Error ? problem.message : String(problem)}</p>
				)}
				{view.tab.value === "exposure" ? (
					<Exposure bench={bench} view={view} />
				) : (
					<Registration bench={bench} view={view} />
				)}
			</Tabs>
		</div>
	);
}
