// The screen: how three predictors are scored, and what a class weight does.

import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { useDrawn } from "../../parts/drawn.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { ClassWeight } from "./class-weight.tsx";
import { Predictors } from "./predictors.tsx";
import { viewOf } from "./view.ts";

export function NeedleField({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench.state), [bench]);
	useDrawn(root, `${view.percent.value} ${view.border.value} ${view.weight.value}`);
	return (
		<div ref={root}>
			<Tabs
				label="Needle field"
				value={view.tab}
				options={[
					["scores", "Three predictors"],
					["weight", "A class weight"],
				]}
			>
				{view.tab.value === "scores" ? (
					<Predictors bench={bench} view={view} />
				) : (
					<ClassWeight bench={bench} view={view} />
				)}
			</Tabs>
		</div>
	);
}
