// Memory budget: a large image in tiles, what they cost, and when one sees that there were tiles.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { MemoryBudget } from "./memory-budget.tsx";
import "./memory-budget.css";

export const explorable: Explorable = {
	name: "memory-budget",
	title: "Memory budget",
	question: "How is an image predicted that is too large for the memory, without any seam?",
	usesPicture: true,
	mount(element, bench) {
		render(<MemoryBudget bench={bench} />, element);
		return () => render(null, element);
	},
};
