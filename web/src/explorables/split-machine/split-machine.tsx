// The screen: dealing patches into sets, and a race on one test set.

import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { useDrawn } from "../../parts/drawn.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { Dealing } from "./dealing.tsx";
import { Race } from "./race-tab.tsx";
import { viewOf } from "./view.ts";

export function SplitMachine({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench.state), [bench]);
	useDrawn(root, view.tab.value === "split" ? view.outcome.value : view.teams.value);
	return (
		<div ref={root}>
			<Tabs
				label="Split machine"
				value={view.tab}
				options={[
					["split", "Deal the patches"],
					["race", "Team race"],
				]}
			>
				{view.tab.value === "split" ? (
					<Dealing bench={bench} view={view} />
				) : (
					<Race bench={bench} view={view} />
				)}
			</Tabs>
		</div>
	);
}
