// Cut the wire: the U-Net as a U, its maps at every level, and what nets answer that never had some of its skips.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { CutTheWire } from "./cut-the-wire.tsx";
import "./cut-the-wire.css";

export const explorable: Explorable = {
	name: "cut-the-wire",
	title: "Cut the wire",
	question: "What are the skips of a U-Net for?",
	usesPicture: true,
	image: "small", // where outlines count: on large round nuclei a net without skips is nearly as good
	mount(element, bench) {
		render(<CutTheWire bench={bench} />, element);
		return () => render(null, element);
	},
};
