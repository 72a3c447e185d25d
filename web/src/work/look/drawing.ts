// Draws a picture and outlines over it onto a canvas, as a view shows them.

import type { Outlines } from "./outlines.ts";
import type { Size, View } from "./view.ts";

export interface Layer {
	readonly outlines: Outlines;
	/** Name of a colour among the tokens. */
	readonly colour: string;
	readonly isDashed: boolean;
}

export interface Scene {
	readonly picture: CanvasImageSource & Size;
	readonly layers: readonly Layer[];
	/** Lines of the object that is marked. */
	readonly marked: readonly number[] | undefined;
}

/** `ratio` is how many pixels of the canvas make one of the frame. */
export function draw(canvas: HTMLCanvasElement, scene: Scene, view: View, frame: Size, ratio: number): void {
	const context = canvas.getContext("2d");
	if (!context) return;
	const tokens = getComputedStyle(canvas);
	context.setTransform(1, 0, 0, 1, 0, 0);
	context.clearRect(0, 0, canvas.width, canvas.height);
	context.imageSmoothingEnabled = view.scale < 1;
	const scale = view.scale * ratio;
	const { width, height } = scene.picture;
	context.drawImage(scene.picture, -view.left * scale, -view.top * scale, width * scale, height * scale);
	const seen = {
		left: view.left,
		top: view.top,
		right: view.left + frame.width / view.scale,
		bottom: view.top + frame.height / view.scale,
	};
	const path = (lines: readonly number[]) => {
		for (let at = 0; at < lines.length; at += 4) {
			const x0 = lines[at] as number;
			const y0 = lines[at + 1] as number;
			const x1 = lines[at + 2] as number;
			const y1 = lines[at + 3] as number;
			if (x1 < seen.left || x0 > seen.right || y1 < seen.top || y0 > seen.bottom) continue;
			context.moveTo((x0 - view.left) * scale, (y0 - view.top) * scale);
			context.lineTo((x1 - view.left) * scale, (y1 - view.top) * scale);
		}
	};
	context.lineCap = "square";
	for (const layer of scene.layers) {
		context.beginPath();
		for (const lines of layer.outlines.values()) path(lines);
		context.setLineDash(layer.isDashed ? [5 * ratio, 4 * ratio] : []);
		context.strokeStyle = tokens.getPropertyValue(layer.colour);
		context.lineWidth = 1.5 * ratio;
		context.stroke();
	}
	if (!scene.marked) return;
	context.setLineDash([]);
	context.beginPath();
	path(scene.marked);
	context.strokeStyle = tokens.getPropertyValue("--hand-edge");
	context.lineWidth = 6 * ratio;
	context.stroke();
	context.strokeStyle = tokens.getPropertyValue("--hand");
	context.lineWidth = 3 * ratio;
	context.stroke();
}
