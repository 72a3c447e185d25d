// Draws a picture onto one canvas and outlines onto another above it, as a view shows them.
//
// Outlines are set pixel by pixel: they run along the grid alone, and a thousand of them must follow the hand, for
// which a canvas's own strokes are too slow.

import type { Outlines } from "./outlines.ts";
import type { Size, View } from "./view.ts";

export interface Layer {
	readonly outlines: Outlines;
	/** Name of a colour among the tokens. */
	readonly colour: string;
	readonly isDashed: boolean;
}

const DASH = 6; // pixels of the screen that are drawn, and as many that are not
const THIN = 1.5; // width of a line in pixels of the screen
const MARK = 3;
const HALO = 6;

/** The part of a picture that a view shows. `ratio` is how many pixels of the canvas make one of the frame. */
export function drawPicture(
	canvas: HTMLCanvasElement,
	picture: CanvasImageSource & Size,
	view: View,
	ratio: number,
): void {
	const context = canvas.getContext("2d");
	if (!context) return;
	const scale = view.scale * ratio;
	context.clearRect(0, 0, canvas.width, canvas.height);
	context.imageSmoothingEnabled = view.scale < 1;
	context.drawImage(
		picture,
		-view.left * scale,
		-view.top * scale,
		picture.width * scale,
		picture.height * scale,
	);
}

/** Outlines, and above them the object that is marked. */
export function drawOutlines(
	canvas: HTMLCanvasElement,
	layers: readonly Layer[],
	marked: readonly number[] | undefined,
	view: View,
	ratio: number,
): void {
	const context = canvas.getContext("2d");
	if (!context || canvas.width === 0 || canvas.height === 0) return;
	const tokens = getComputedStyle(canvas);
	const sheet = context.createImageData(canvas.width, canvas.height);
	const ink = { pixels: new Uint32Array(sheet.data.buffer), width: canvas.width, height: canvas.height };
	const colour = (name: string) => packed(context, tokens.getPropertyValue(name));
	for (const layer of layers) {
		const pen = {
			colour: colour(layer.colour),
			thick: (view.scale < 1 ? 1 : THIN) * ratio, // so that a crowd is not all outlines

			dash: layer.isDashed ? DASH * ratio : 0,
		};
		for (const lines of layer.outlines.values()) trace(ink, lines, view, ratio, pen);
	}
	if (marked) {
		trace(ink, marked, view, ratio, { colour: colour("--hand-edge"), thick: HALO * ratio, dash: 0 });
		trace(ink, marked, view, ratio, { colour: colour("--hand"), thick: MARK * ratio, dash: 0 });
	}
	context.putImageData(sheet, 0, 0);
}

interface Ink extends Size {
	readonly pixels: Uint32Array;
}

interface Pen {
	readonly colour: number;
	readonly thick: number;
	/** Length of a dash, 0 for none. */
	readonly dash: number;
}

function trace(ink: Ink, lines: readonly number[], view: View, ratio: number, pen: Pen): void {
	const scale = view.scale * ratio;
	const thick = Math.max(1, Math.round(pen.thick));
	const back = thick >> 1;
	for (let at = 0; at < lines.length; at += 4) {
		const x0 = Math.round(((lines[at] as number) - view.left) * scale) - back;
		const y0 = Math.round(((lines[at + 1] as number) - view.top) * scale) - back;
		const x1 = Math.round(((lines[at + 2] as number) - view.left) * scale) - back + thick;
		const y1 = Math.round(((lines[at + 3] as number) - view.top) * scale) - back + thick;
		if (x1 <= 0 || y1 <= 0 || x0 >= ink.width || y0 >= ink.height) continue;
		box(ink, Math.max(0, x0), Math.max(0, y0), Math.min(ink.width, x1), Math.min(ink.height, y1), pen);
	}
}

function box({ pixels, width }: Ink, x0: number, y0: number, x1: number, y1: number, pen: Pen): void {
	for (let y = y0; y < y1; y++) {
		if (pen.dash === 0) {
			pixels.fill(pen.colour, y * width + x0, y * width + x1);
			continue;
		}
		for (let x = x0; x < x1; x++) {
			if ((x + y) % (2 * pen.dash) < pen.dash) pixels[y * width + x] = pen.colour;
		}
	}
}

/** A colour as canvases hold it: red first, in little-endian. */
function packed(context: CanvasRenderingContext2D, text: string): number {
	context.fillStyle = text.trim();
	const parts = [1, 3, 5].map((at) => Number.parseInt(String(context.fillStyle).slice(at, at + 2), 16));
	const [red, green, blue] = parts as [number, number, number];
	return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
