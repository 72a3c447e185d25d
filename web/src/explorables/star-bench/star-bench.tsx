// The screen: three tabs, and the net's stars for the picture, which are asked for when a tab needs them.

import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { newest } from "../../parts/newest.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { type Picture, windowOf } from "../../picture.ts";
import type { Candidates } from "./candidates.ts";
import { type Loaded, loadedFrom } from "./loaded.ts";
import { OthersTab } from "./others-tab.tsx";
import { RaysTab } from "./rays-tab.tsx";
import { SuppressionTab } from "./suppression-tab.tsx";
import { type View, viewOf } from "./view.ts";

export function StarBench({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench.state), [bench]);
	const asked = useMemo(
		() =>
			newest<Picture, Loaded>(async (picture, abort) =>
				loadedFrom(picture, await bench.ask<Candidates>("stars", windowOf(picture), abort)),
			),
		[bench],
	);
	useEffect(() => () => asked.stop(), [asked]);
	useSignalEffect(() => {
		const picture = bench.picture.value;
		if (view.tab.value !== "rays" && asked.answer.peek()?.picture !== picture) asked.ask(picture);
	});
	const loaded = asked.answer.value;
	const isReady = loaded?.picture === bench.picture.value;
	return (
		<div class="screen" ref={root}>
			<Tabs
				label="What is looked at"
				value={view.tab}
				options={[
					["rays", "Rays"],
					["suppression", "Suppression"],
					["others", "Others"],
				]}
			>
				{view.tab.value === "rays" && <RaysTab bench={bench} view={view} root={root} />}
				{view.tab.value !== "rays" && <Problem problem={asked.problem.value} />}
				{view.tab.value !== "rays" && !isReady && asked.problem.value === null && (
					<Waiting text="The net is asked for its stars …" />
				)}
				{isReady && <NetTab bench={bench} view={view} loaded={loaded} root={root} />}
			</Tabs>
		</div>
	);
}

export interface NetTabProps {
	readonly bench: Bench;
	readonly view: View;
	readonly loaded: Loaded;
	readonly root: { readonly current: HTMLDivElement | null };
}

function NetTab(props: NetTabProps) {
	if (props.view.tab.value === "suppression") return <SuppressionTab {...props} />;
	return props.view.tab.value === "others" ? <OthersTab {...props} /> : null;
}

export function Problem({ problem }: { readonly problem: unknown }) {
	if (problem === null) return null;
	return (
		<p class="problem" role="alert">
			{problem instanceof Error ? problem.message : String(problem)}
		</p>
	);
}
