// Split machine: what is dealt into training, validation and test, and what the scores are worth then.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { SplitMachine } from "./split-machine.tsx";
import "./split-machine.css";

export const explorable: Explorable = {
	name: "split-machine",
	title: "Split machine",
	question: "When is a validation score worth nothing?",
	usesPicture: false,
	mount(element, bench) {
		render(<SplitMachine bench={bench} />, element);
		return () => render(null, element);
	},
};
