// Two microscopes: one field with much and with little light, and what restoring makes of it.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { TwoMicroscopes } from "./two-microscopes.tsx";
import "./two-microscopes.css";

export const explorable: Explorable = {
	name: "two-microscopes",
	title: "Two microscopes",
	question: "What does a net add that restores an image, and when is it wrong?",
	usesPicture: true,
	mount(element, bench) {
		render(<TwoMicroscopes bench={bench} />, element);
		return () => render(null, element);
	},
};
