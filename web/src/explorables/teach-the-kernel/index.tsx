// Teach the kernel: nine weights are learned from one image, as far as the image tells them.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { TeachTheKernel } from "./teach-the-kernel.tsx";
import "./teach-the-kernel.css";

export const explorable: Explorable = {
	name: "teach-the-kernel",
	title: "Teach the kernel",
	question: "Where do the weights of a kernel come from, and what can data not tell?",
	usesPicture: true,
	mount(element, bench) {
		render(<TeachTheKernel bench={bench} />, element);
		return () => render(null, element);
	},
};
