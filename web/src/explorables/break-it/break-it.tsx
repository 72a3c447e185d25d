// The screen: one's own hand breaks the image on the first tab; on the second the harm is done, and a cause is sought.

import { useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { Broken } from "./broken.tsx";
import { Detective } from "./detective.tsx";

const TABS = [
	["break", "Break it"],
	["detective", "Detective"],
] as const;

export function BreakIt({ bench }: { readonly bench: Bench }) {
	const tab = useMemo(() => bench.state.choice("tab", ["break", "detective"], "break"), [bench]);
	return (
		<Tabs label="Break it or detect it" value={tab} options={TABS}>
			{tab.value === "detective" ? <Detective bench={bench} /> : <Broken bench={bench} />}
		</Tabs>
	);
}
