// Break it: what an image may suffer before a net sees it, what the net then says, and who notices.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { BreakIt } from "./break-it.tsx";
import "./break-it.css";
import "./detective.css";

export const explorable: Explorable = {
	name: "break-it",
	title: "Break it",
	question: "When is a net wrong, does it know, and what helps?",
	usesPicture: true,
	mount(element, bench) {
		render(<BreakIt bench={bench} />, element);
		return () => render(null, element);
	},
};
