// Shift test: the image moves by a pixel, and one sees which maps move along.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { ShiftTest } from "./shift-test.tsx";
import "./shift-test.css";

export const explorable: Explorable = {
	name: "shift-test",
	title: "Shift test",
	question: "The image moves by one pixel. Does the answer move along?",
	usesPicture: true,
	mount(element, bench) {
		render(<ShiftTest bench={bench} />, element);
		return () => render(null, element);
	},
};
