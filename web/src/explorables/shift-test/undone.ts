// A map of the shifted image, moved back, beside the map of the image as it was.

import type { FeatureMap } from "./maps.ts";

export interface Undone {
	/** By how many of its values the map was moved back: of those that were tried, where it fits best. */
	readonly by: number;
	/** What still differs; NaN where the one or the other map has no value. */
	readonly difference: FeatureMap;
	/** Root of its mean square, as a share of how much the map varies. */
	readonly share: number;
}

/**
 * The image was shifted by so many pixels, so a map of that stride should have moved by shift / stride values. Where
 * that is no whole number, the whole ones beside it are tried too: none of them may explain what is seen.
 */
export function undone(before: FeatureMap, after: FeatureMap, shift: number, stride: number): Undone {
	const exact = shift / stride;
	const tries = [...new Set([exact, Math.floor(exact), Math.ceil(exact)])];
	const all = tries.map((by) => movedBack(before, after, by));
	return all.reduce((best, each) => (each.share < best.share ? each : best));
}

function movedBack(before: FeatureMap, after: FeatureMap, by: number): Undone {
	const { height, width } = before;
	const whole = Math.floor(by);
	const part = by - whole;
	const values = new Float64Array(height * width).fill(Number.NaN);
	const last = width - 1 - Math.ceil(by);
	let squares = 0;
	let sum = 0;
	let own = 0;
	for (let y = 0; y < height; y++) {
		for (let x = 0; x <= last; x++) {
			const at = y * width + x;
			const here = after.values[at + whole]!;
			const moved = part > 0 ? (1 - part) * here + part * after.values[at + whole + 1]! : here;
			const was = before.values[at]!;
			values[at] = moved - was;
			squares += (moved - was) ** 2;
			sum += was;
			own += was ** 2;
		}
	}
	const count = height * (last + 1);
	const spread = Math.sqrt(Math.max(0, own / count - (sum / count) ** 2));
	const root = Math.sqrt(squares / count);
	return { by, difference: { height, width, values }, share: root === 0 ? 0 : root / (spread || root) };
}
