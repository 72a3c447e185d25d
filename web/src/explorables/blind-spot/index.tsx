// Blind spot: guess each pixel from its neighbours, with and without a look at the pixel itself.

import { render } from "preact";
import type { Explorable } from "../../bench.ts";
import { BlindSpot } from "./blind-spot.tsx";
import "./blind-spot.css";

export const explorable: Explorable = {
	name: "blind-spot",
	title: "Blind spot",
	question: "How can a net learn to denoise from noisy images alone, and which noise does it keep?",
	usesPicture: true,
	mount(element, bench) {
		render(<BlindSpot bench={bench} />, element);
		return () => render(null, element);
	},
};
