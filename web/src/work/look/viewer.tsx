// A picture that one can go into: wheel and buttons zoom, a hand or the arrow keys push it, a click chooses an object.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { paint } from "../../parts/colour-maps.ts";
import { Button } from "../../parts/controls.tsx";
import { drawOutlines, drawPicture, type Layer } from "./drawing.ts";
import { boxOf, type Outlines } from "./outlines.ts";
import { show } from "./show.ts";
import { fitted, moved, type Size, showing, type View, zoomed } from "./view.ts";

interface ViewerProps {
	/** What is seen, for those who do not see it. */
	readonly label: string;
	/** (height, width) in rows. */
	readonly values: ArrayLike<number>;
	readonly height: number;
	readonly width: number;
	readonly low: number;
	readonly high: number;
	readonly layers: readonly Layer[];
	/** The object that is marked, of `outlines`; 0 for none. */
	readonly marked: number;
	readonly outlines: Outlines;
	/** The person pointed at a pixel. */
	readonly onPoint: (y: number, x: number) => void;
}

const FURTHER = 1.25;
const PUSH = 60; // pixels of the screen for an arrow key
const A_CLICK = 4; // pixels that a hand may shake

export function Viewer(props: ViewerProps) {
	const frame = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	const overlay = useRef<HTMLCanvasElement>(null);
	const size = useSignal<Size>({ width: 1, height: 1 });
	const view = useSignal<View | null>(null);
	const { values, height, width, low, high } = props;
	const picture = useMemo(
		() => painted(values, height, width, low, high),
		[values, height, width, low, high],
	);
	const seen = view.value ?? fitted(picture, size.value);
	const set = (next: View) => {
		view.value = next.scale <= fitted(picture, size.peek()).scale * 1.0001 ? null : next;
	};
	useLayoutEffect(() => {
		const element = frame.current as HTMLDivElement;
		const measure = () => {
			size.value = { width: element.clientWidth || 1, height: element.clientHeight || 1 };
		};
		measure();
		const watcher = new ResizeObserver(measure);
		watcher.observe(element);
		return () => watcher.disconnect();
	}, [size]);
	useLayoutEffect(() => {
		const lines = props.marked ? props.outlines.get(props.marked) : undefined;
		if (!lines) return;
		if (!frame.current?.contains(document.activeElement)) show(frame.current as HTMLElement); // marked in the table
		if (view.peek()) set(showing(view.peek() as View, boxOf(lines), picture, size.peek()));
	}, [props.marked, props.outlines]);
	useLayoutEffect(() => {
		const ratio = devicePixelRatio || 1;
		for (const each of [canvas.current, overlay.current]) {
			if (each) fit(each, size.value, ratio);
		}
		if (canvas.current) drawPicture(canvas.current, picture, seen, ratio);
		const marked = props.marked ? props.outlines.get(props.marked) : undefined;
		if (overlay.current) drawOutlines(overlay.current, props.layers, marked, seen, ratio);
	});
	const zoom = (factor: number, x = size.peek().width / 2, y = size.peek().height / 2) =>
		set(zoomed(seen, factor, x, y, picture, size.peek()));
	const push = (x: number, y: number) => set(moved(seen, x, y, picture, size.peek()));
	const keys: Record<string, () => void> = {
		"+": () => zoom(FURTHER),
		"=": () => zoom(FURTHER),
		"-": () => zoom(1 / FURTHER),
		"0": () => {
			view.value = null;
		},
		ArrowLeft: () => push(PUSH, 0),
		ArrowRight: () => push(-PUSH, 0),
		ArrowUp: () => push(0, PUSH),
		ArrowDown: () => push(0, -PUSH),
	};
	const hand = useHand(push, (x, y) =>
		props.onPoint(Math.floor(seen.top + y / seen.scale), Math.floor(seen.left + x / seen.scale)),
	);
	return (
		<div class="look-viewer">
			<div
				ref={frame}
				class="look-frame"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: it is pushed by keys, as its label says
				tabIndex={0}
				role="application"
				aria-roledescription="picture"
				aria-label={`${props.label}. Arrow keys move it, plus and minus zoom, 0 shows all.`}
				onKeyDown={(event) => {
					const act = event.ctrlKey || event.metaKey ? undefined : keys[event.key];
					if (!act) return;
					event.preventDefault();
					act();
				}}
				onWheel={(event) => {
					if (!event.ctrlKey && document.activeElement !== event.currentTarget) return; // the page scrolls on
					event.preventDefault();
					const box = event.currentTarget.getBoundingClientRect();
					zoom(FURTHER ** (-event.deltaY / 100), event.clientX - box.left, event.clientY - box.top);
				}}
				onDblClick={(event) => {
					const box = event.currentTarget.getBoundingClientRect();
					zoom(2, event.clientX - box.left, event.clientY - box.top);
				}}
				{...hand}
			>
				<canvas ref={canvas} />
				<canvas ref={overlay} />
			</div>
			<div class="look-zoom">
				<Button label="zoom in" onClick={() => zoom(FURTHER ** 2)}>
					+
				</Button>
				<Button label="zoom out" onClick={() => zoom(1 / FURTHER ** 2)}>
					−
				</Button>
				<Button onClick={() => keys["0"]?.()}>show all</Button>
				<output class="soft small" data-read="seen">
					{part(seen, picture, size.value)}
				</output>
			</div>
		</div>
	);
}

/** Which part of the picture is seen, in words. */
function part(seen: View, picture: Size, frame: Size): string {
	const range = (start: number, length: number, whole: number) =>
		`${Math.max(0, Math.floor(start))} to ${Math.min(whole, Math.ceil(start + length)) - 1}`;
	const columns = range(seen.left, frame.width / seen.scale, picture.width);
	const rows = range(seen.top, frame.height / seen.scale, picture.height);
	return `${Math.round(seen.scale * 100)} %: columns ${columns}, rows ${rows}`;
}

function useHand(push: (x: number, y: number) => void, point: (x: number, y: number) => void) {
	const held = useRef<{ x: number; y: number; far: number } | null>(null);
	return {
		onPointerDown: (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
			event.currentTarget.setPointerCapture(event.pointerId);
			held.current = { x: event.clientX, y: event.clientY, far: 0 };
		},
		onPointerMove: (event: PointerEvent) => {
			const from = held.current;
			if (!from) return;
			const [x, y] = [event.clientX - from.x, event.clientY - from.y];
			held.current = { x: event.clientX, y: event.clientY, far: from.far + Math.hypot(x, y) };
			if (held.current.far > A_CLICK) push(x, y);
		},
		onPointerUp: (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
			const box = event.currentTarget.getBoundingClientRect();
			if (held.current && held.current.far <= A_CLICK)
				point(event.clientX - box.left, event.clientY - box.top);
			held.current = null;
		},
		onPointerCancel: () => {
			held.current = null;
		},
	};
}

/** As many pixels as the frame has on this screen; setting them empties a canvas, so only where they differ. */
function fit(canvas: HTMLCanvasElement, frame: Size, ratio: number): void {
	const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)];
	if (canvas.width !== width) canvas.width = width;
	if (canvas.height !== height) canvas.height = height;
}

/** The pixels as an image that a canvas can draw at any size. */
function painted(values: ArrayLike<number>, height: number, width: number, low: number, high: number) {
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
	const picture = context.createImageData(width, height);
	paint(values, low, high, "grey", new Uint32Array(picture.data.buffer));
	context.putImageData(picture, 0, 0);
	return canvas;
}
