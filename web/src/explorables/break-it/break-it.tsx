// The screen: one's own hand breaks the image on the first tab; on the second the harm is done, and a cause is sought.

import { useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { Broken } from "./broken.tsx";

const TABS = [["break", "Break it"]] as const;

export function BreakIt({ bench }: { readonly bench: Bench }) {
	const tab = useMemo(() => bench.state.choice("tab", ["break"], "break"), [bench]);
	return (
		<Tabs label="Break it or detect it" value={tab} options={TABS}>
			<Broken bench={bench} />
		</Tabs>
	);
}
