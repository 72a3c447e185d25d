// The outlines of labelled objects as one path of an SVG: every edge between pixels of different objects.

import type { Tensor } from "../../tensor.ts";

/** Edges between each object and what is not it; the edge of the picture is none. */
export function outline(labels: Tensor): string {
	const [height = 0, width = 0] = labels.shape;
	const { data } = labels;
	const at = (y: number, x: number) => data[y * width + x] as number;
	const parts: string[] = [];
	for (let y = 1; y < height; y++) {
		addRuns(
			width,
			(x) => at(y, x) !== at(y - 1, x),
			(x, length) => parts.push(`M${x} ${y}h${length}`),
		);
	}
	for (let x = 1; x < width; x++) {
		addRuns(
			height,
			(y) => at(y, x) !== at(y, x - 1),
			(y, length) => parts.push(`M${x} ${y}v${length}`),
		);
	}
	return parts.join("");
}

/** Say each run of places that hold, and its length. */
function addRuns(
	count: number,
	holds: (place: number) => boolean,
	say: (start: number, length: number) => void,
): void {
	let start = -1;
	for (let place = 0; place <= count; place++) {
		const isIn = place < count && holds(place);
		if (isIn && start < 0) start = place;
		if (!isIn && start >= 0) {
			say(start, place - start);
			start = -1;
		}
	}
}
