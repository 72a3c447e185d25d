// Outlines of labelled objects along the edges of their pixels, as paths of an SVG.

import type { Tensor } from "../../tensor.ts";

const DOWN = [0, 1, 0, -1] as const; // steps along an outline: right, down, left, up
const RIGHT = [1, 0, -1, 0] as const;

/** The outlines of every object, by its label; holes have outlines too. Objects are connected over sides of pixels. */
export function outlines(labels: Tensor): Map<number, string> {
	const [height = 0, width = 0] = labels.shape;
	const { data } = labels;
	const seen = new Uint8Array(height * width);
	const paths = new Map<number, string>();
	const at = (y: number, x: number) =>
		y < 0 || x < 0 || y >= height || x >= width ? 0 : (data[y * width + x] as number);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const label = at(y, x);
			if (label <= 0 || seen[y * width + x] || at(y - 1, x) === label) continue;
			const path = follow(y, x, (row, column) => at(row, column) === label, seen, width);
			paths.set(label, (paths.get(label) ?? "") + path);
		}
	}
	return paths;
}

/** One closed line, begun along the upper side of a pixel, with the object on its right. */
function follow(
	startY: number,
	startX: number,
	isInside: (y: number, x: number) => boolean,
	seen: Uint8Array,
	width: number,
): string {
	let [y, x, way] = [startY, startX, 0];
	let path = `M${x} ${y}`;
	let length = 0;
	do {
		if (way === 0) seen[y * width + x] = 1;
		y += DOWN[way] as number;
		x += RIGHT[way] as number;
		length++;
		const turned = nextWay(y, x, way, isInside);
		if (turned !== way || (y === startY && x === startX)) {
			path += way % 2 === 0 ? `h${way === 0 ? length : -length}` : `v${way === 1 ? length : -length}`;
			length = 0;
		}
		way = turned;
	} while (y !== startY || x !== startX || way !== 0);
	return `${path}z`;
}

/** Where an outline goes on from a corner: to the right wherever the object ends there. */
function nextWay(y: number, x: number, way: number, isInside: (y: number, x: number) => boolean): number {
	const ahead: readonly (readonly [number, number])[] = [
		[y, x],
		[y, x - 1],
		[y - 1, x - 1],
		[y - 1, x],
	]; // the pixel ahead on the right of each way
	const [rightY, rightX] = ahead[way] as readonly [number, number];
	const [leftY, leftX] = ahead[(way + 3) % 4] as readonly [number, number];
	if (!isInside(rightY, rightX)) return (way + 1) % 4;
	return isInside(leftY, leftX) ? (way + 3) % 4 : way;
}
