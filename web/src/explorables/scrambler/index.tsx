// Scrambler: the same mixing of pixels for all images, and which net does not mind.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { Scrambler } from "./scrambler.tsx";
import "./scrambler.css";

export const explorable: Explorable = {
	name: "scrambler",
	title: "Scrambler",
	question: "What does a convolution know about images before it has learned anything?",
	usesPicture: false,
	mount(element, bench) {
		render(<Scrambler bench={bench} />, element);
		return () => render(null, element);
	},
};
