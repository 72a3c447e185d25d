// Needle field: the rarer the foreground, the less accuracy says.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { NeedleField } from "./needle-field.tsx";
import "./needle-field.css";

export const explorable: Explorable = {
	name: "needle-field",
	title: "Needle field",
	question: "What do scores say when nearly everything is background?",
	usesPicture: false,
	mount(element, bench) {
		render(<NeedleField bench={bench} />, element);
		return () => render(null, element);
	},
};
