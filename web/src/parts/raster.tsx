// A picture: numbers as pixels on a canvas, and above it an SVG in the same coordinates for what is drawn over them.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type ColourMap, paint } from "./colour-maps.ts";

/** A place in a picture, in pixels from its upper left corner; whole numbers are edges of pixels. */
export interface Place {
	readonly y: number;
	readonly x: number;
}

interface RasterProps {
	/** What is seen, for those who do not see it. */
	readonly label: string;
	readonly height: number;
	readonly width: number;
	/** (height, width) in rows. */
	readonly values: ArrayLike<number>;
	readonly low: number;
	readonly high: number;
	readonly map?: ColourMap;
	/** Paints in place of the map, such as labels. */
	readonly painter?: (values: ArrayLike<number>, into: Uint32Array) => void;
	/** What is drawn over the pixels: SVG elements, in pixels. */
	readonly children?: ComponentChildren;
	readonly caption?: ComponentChildren;
	/** Something in the picture that a hand holds: where it is, and what happens when it is moved. */
	readonly handle?: Handle;
}

interface Handle {
	/** What is moved, such as "frame". */
	readonly label: string;
	readonly at: Place;
	readonly move: (to: Place) => void;
	/** How the place is said; the default is its pixel. */
	readonly say?: string;
	/** How far an arrow key goes; with Shift ten times as far. The default is 1 pixel. */
	readonly step?: number;
}

const ARROWS: Record<string, readonly [number, number]> = {
	ArrowUp: [-1, 0],
	ArrowDown: [1, 0],
	ArrowLeft: [0, -1],
	ArrowRight: [0, 1],
};

export function Raster(props: RasterProps) {
	const { label, height, width, values, low, high, map = "grey", painter, children, caption, handle } = props;
	const canvas = useRef<HTMLCanvasElement>(null);
	useLayoutEffect(() => {
		const context = canvas.current?.getContext("2d");
		if (!context) return;
		const picture = context.createImageData(width, height);
		const pixels = new Uint32Array(picture.data.buffer);
		if (painter) painter(values, pixels);
		else paint(values, low, high, map, pixels);
		context.putImageData(picture, 0, 0);
	}, [values, low, high, map, painter, height, width]);
	return (
		<figure class="raster">
			<div
				class={handle ? "raster-frame is-held" : "raster-frame"}
				style={{ aspectRatio: `${width} / ${height}` }}
				{...(handle ? held(handle, height, width) : {})}
			>
				<canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
				<svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
					{children}
				</svg>
			</div>
			{caption && <figcaption>{caption}</figcaption>}
		</figure>
	);
}

function held(handle: Handle, height: number, width: number) {
	const move = (y: number, x: number) =>
		handle.move({ y: Math.min(height - 1, Math.max(0, y)), x: Math.min(width - 1, Math.max(0, x)) });
	const follow = (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
		const box = event.currentTarget.getBoundingClientRect();
		move(((event.clientY - box.top) / box.height) * height, ((event.clientX - box.left) / box.width) * width);
	};
	return {
		role: "application" as const,
		tabIndex: 0,
		"aria-roledescription": "place in the picture",
		"aria-label": `${handle.label}: ${handle.say ?? said(handle.at)}. Arrow keys move it.`,
		onPointerDown: (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
			event.currentTarget.setPointerCapture(event.pointerId);
			event.currentTarget.focus({ preventScroll: true });
			follow(event);
		},
		onPointerMove: (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
			if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event);
		},
		onKeyDown: (event: KeyboardEvent) => {
			const arrow = ARROWS[event.key];
			if (!arrow) return;
			event.preventDefault();
			const step = (handle.step ?? 1) * (event.shiftKey ? 10 : 1);
			move(handle.at.y + step * arrow[0], handle.at.x + step * arrow[1]);
		},
	};
}

function said({ y, x }: Place): string {
	return `row ${Math.floor(y)}, column ${Math.floor(x)}`;
}
