// The screen: seams between tiles, and what tiles cost.

import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { useDrawn } from "../../parts/drawn.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { Memory } from "./memory.tsx";
import { Seams } from "./seams.tsx";
import { viewOf } from "./view.ts";

export function MemoryBudget({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench), [bench]);
	useEffect(() => view.draw(), [view]);
	useDrawn(
		root,
		`${view.tile.value} ${view.halo.value} ${view.normalised.value} ${view.row.value} ${view.column.value}`,
	);
	return (
		<div ref={root}>
			<Tabs
				label="Memory budget"
				value={view.tab}
				options={[
					["seams", "Seams"],
					["memory", "Memory"],
				]}
			>
				{view.tab.value === "seams" ? <Seams bench={bench} view={view} /> : <Memory bench={bench} />}
			</Tabs>
		</div>
	);
}
