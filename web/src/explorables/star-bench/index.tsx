// Star bench: what stars can draw, and which of many stars stay.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { StarBench } from "./star-bench.tsx";
import "./star-bench.css";

export const explorable: Explorable = {
	name: "star-bench",
	title: "Star bench",
	question: "What can a star draw, and which of many stars on one nucleus stays?",
	usesPicture: true,
	image: "crowded",
	mount(element, bench) {
		render(<StarBench bench={bench} />, element);
		return () => render(null, element);
	},
};
