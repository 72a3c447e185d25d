// The screen: a net of one's own by arithmetic, and the real nets by their gradients.

import type { Bench } from "../../bench.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { OwnNet } from "./own-net.tsx";
import { RealNets } from "./real-nets.tsx";

export function PullTheString({ bench }: { readonly bench: Bench }) {
	const tab = bench.state.choice("tab", ["layers", "nets"], "layers");
	return (
		<Tabs
			label="What is pulled"
			value={tab}
			options={[
				["layers", "A net of your own"],
				["nets", "The real nets"],
			]}
		>
			{tab.value === "layers" ? <OwnNet bench={bench} /> : <RealNets bench={bench} />}
		</Tabs>
	);
}
