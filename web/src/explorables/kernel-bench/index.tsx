// Kernel bench: drag a frame over the image and watch nine products become one pixel.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { KernelBench } from "./kernel-bench.tsx";
import "./kernel-bench.css";

export const explorable: Explorable = {
	name: "kernel-bench",
	title: "Kernel bench",
	question: "What does a convolution do with the pixels under its kernel?",
	usesPicture: true,
	mount(element, bench) {
		render(<KernelBench bench={bench} />, element);
		return () => render(null, element);
	},
};
