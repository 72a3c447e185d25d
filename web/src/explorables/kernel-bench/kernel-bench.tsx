// The screen: one kernel on the image, and what a stack of them costs.

import type { Bench } from "../../bench.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { FilterStack } from "./filter-stack.tsx";
import { OneKernel } from "./one-kernel.tsx";

export function KernelBench({ bench }: { readonly bench: Bench }) {
	const tab = bench.state.choice("tab", ["kernel", "stack"], "kernel");
	return (
		<Tabs
			label="Kernel bench"
			value={tab}
			options={[
				["kernel", "One kernel"],
				["stack", "Filter stack"],
			]}
		>
			{tab.value === "kernel" ? <OneKernel bench={bench} /> : <FilterStack bench={bench} />}
		</Tabs>
	);
}
