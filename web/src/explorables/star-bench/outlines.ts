// Outlines as SVG paths, in pixels of the picture: the middle of pixel 0 lies at 0.5.

import type { Corners } from "./painting.ts";

/** A polygon. */
export function polygonPath({ ys, xs }: Corners): string {
	let path = "";
	for (let i = 0; i < ys.length; i++) path += `${i ? "L" : "M"}${at(xs[i] as number)} ${at(ys[i] as number)}`;
	return `${path}Z`;
}

/** The edges of the pixels where `belongs` ends, along the pixels. */
export function edgePath(belongs: (i: number) => boolean, height: number, width: number): string {
	let path = "";
	const is = (y: number, x: number) => y >= 0 && y < height && x >= 0 && x < width && belongs(y * width + x);
	for (let y = 0; y <= height; y++) {
		for (let x = 0; x <= width; x++) {
			const here = is(y, x);
			if (here !== is(y - 1, x)) path += `M${x} ${y}h1`;
			if (here !== is(y, x - 1)) path += `M${x} ${y}v1`;
		}
	}
	return path;
}

/** The pixels that belong, as squares. */
export function pixelPath(belongs: (i: number) => boolean, height: number, width: number): string {
	let path = "";
	for (let i = 0; i < height * width; i++) {
		if (belongs(i)) path += `M${i % width} ${Math.floor(i / width)}h1v1h-1z`;
	}
	return path;
}

/** The outline of each object of a label picture, by number from 1 on. */
export function labelPaths(labels: Int32Array, height: number, width: number): string[] {
	const paths: string[] = [];
	const is = (y: number, x: number) =>
		y >= 0 && y < height && x >= 0 && x < width ? (labels[y * width + x] as number) : 0;
	const add = (label: number, piece: string) => {
		if (label > 0) paths[label - 1] = (paths[label - 1] ?? "") + piece;
	};
	for (let y = 0; y <= height; y++) {
		for (let x = 0; x <= width; x++) {
			const here = is(y, x);
			for (const [there, piece] of [
				[is(y - 1, x), `M${x} ${y}h1`],
				[is(y, x - 1), `M${x} ${y}v1`],
			] as const) {
				if (here === there) continue;
				add(here, piece);
				add(there, piece);
			}
		}
	}
	return Array.from(paths, (path) => path ?? "");
}

function at(value: number): string {
	return (value + 0.5).toFixed(2);
}
