// Pull the string: build a net, drag a position of its answer, and see what of the image it hangs on.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { PullTheString } from "./pull-the-string.tsx";
import "./pull-the-string.css";

export const explorable: Explorable = {
	name: "pull-the-string",
	title: "Pull the string",
	question: "How much of the image can one pixel of the answer see?",
	usesPicture: true,
	mount(element, bench) {
		render(<PullTheString bench={bench} />, element);
		return () => render(null, element);
	},
};
