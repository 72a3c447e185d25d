// From numbers to pixels. Grey for images, viridis for measures, purple to orange for signed values (zero is white).

import { interpolatePuOr, interpolateRainbow, interpolateViridis } from "d3-scale-chromatic";

export type ColourMap = "grey" | "measure" | "signed";

const STEPS = 256;
const MAPS: Record<ColourMap, (share: number) => string> = {
	grey: (share) => `rgb(${[255, 255, 255].map((white) => Math.round(white * share)).join()})`,
	measure: interpolateViridis,
	signed: interpolatePuOr, // negative is purple, positive orange
};
const tables = new Map<ColourMap, Uint32Array>();

/** The colours of a map from its lowest to its highest value, as canvases hold them. */
export function table(map: ColourMap): Uint32Array {
	const known = tables.get(map);
	if (known) return known;
	const made = Uint32Array.from({ length: STEPS }, (_, step) => packed(MAPS[map](step / (STEPS - 1))));
	tables.set(map, made);
	return made;
}

/** Paint values between low and high into the pixels of a canvas; NaN stays transparent. */
export function paint(
	values: ArrayLike<number>,
	low: number,
	high: number,
	map: ColourMap,
	into: Uint32Array,
): void {
	const colours = table(map);
	const scale = (STEPS - 1) / (high - low || 1);
	for (let i = 0; i < into.length; i++) {
		const value = values[i] as number;
		const step = (value - low) * scale + 0.5;
		into[i] = !Number.isNaN(value) ? (colours[step < 0 ? 0 : step > 255 ? 255 : step | 0] as number) : 0;
	}
}

const TURN = (Math.sqrt(5) - 1) / 2; // of the circle of hues, so that numbers near each other look different
const GROUND = "rgb(20,22,25)"; // of label images

/** Paint labels: each number in a colour of its own, 0 dark. */
export function paintLabels(values: ArrayLike<number>, into: Uint32Array): void {
	const known = new Map<number, number>([[0, packed(GROUND)]]);
	for (let i = 0; i < into.length; i++) {
		const label = values[i] as number;
		let painted = known.get(label);
		if (painted === undefined) {
			painted = packed(interpolateRainbow((((label * TURN) % 1) + 1) % 1));
			known.set(label, painted);
		}
		into[i] = painted;
	}
}

/** Paint red, green and blue in 0..255, one behind the other for each pixel. */
export function paintColours(values: ArrayLike<number>, into: Uint32Array): void {
	for (let i = 0; i < into.length; i++) {
		const [red, green, blue] = [values[3 * i], values[3 * i + 1], values[3 * i + 2]] as [
			number,
			number,
			number,
		];
		into[i] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
	}
}

/** The colour of one value, for elements of the page. */
export function colour(value: number, low: number, high: number, map: ColourMap): string {
	const share = (value - low) / (high - low || 1);
	return MAPS[map](Math.min(1, Math.max(0, share)));
}

/** Black or white, whichever is read better on a colour (WCAG's relative luminance). */
export function inkOn(background: string): string {
	const [red, green, blue] = channels(background).map((channel) => {
		const share = channel / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}

function channels(text: string): number[] {
	return text.startsWith("#")
		? [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16))
		: (text.match(/[\d.]+/g) ?? []).map(Number);
}

function packed(text: string): number {
	const [red, green, blue] = channels(text) as [number, number, number];
	return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0; // canvases hold red first, in little-endian
}
