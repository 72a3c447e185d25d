// The net seen from the side: the image below, a row of dots for each map, and the cone of the dot that is pulled.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { called, type Layer } from "./layers.ts";
import { stepOf } from "./sight.ts";

const WIDEST = 720;
const NARROWEST = 300;
const ROW = 34;
const LABELS = 0.18; // of the width, for the names at the left
const BELOW = 46; // for the image's pixels and the nucleus
const MOST_DOTS = 400; // of a row; finer rows are drawn as a line

interface StripProps {
	readonly layers: readonly Layer[];
	/** Positions of each map that the pulled one depends on, from the image to the output. */
	readonly rows: readonly (readonly number[])[];
	readonly position: number;
	readonly farthest: number;
	readonly diameter: number;
	readonly pull: (to: number) => void;
}

export function Strip({ layers, rows, position, farthest, diameter, pull }: StripProps) {
	const drawing = useRef<SVGSVGElement>(null);
	const width = useWidth(drawing);
	const labels = Math.max(76, width * LABELS);
	const steps = [1, ...layers.map((_, last) => stepOf(layers.slice(0, last + 1)))];
	const step = steps.at(-1) as number;
	const image = rows[0] as readonly number[];
	const field = (image.at(-1) as number) - (image[0] as number) + 1;
	// the same scale for all places of the dot, so that nothing jumps while it is pulled
	const reach =
		Math.max(20, diameter / 2 + 2, field / 2 + 4) + Math.min(farthest * step, Math.max(12, field / 4));
	const scale = (width - labels) / (2 * reach);
	const at = (pixel: number) => labels + (pixel + reach) * scale;
	const height = layers.length * ROW + ROW / 2 + BELOW;
	const yOf = (row: number) => (layers.length - row) * ROW + ROW / 2;
	const place = (row: number, index: number) => at((index + 0.5) * (steps[row] as number));
	const move = (to: number) => pull(Math.max(-farthest, Math.min(farthest, Math.round(to))));
	const follow = (event: PointerEvent) => {
		const box = (drawing.current as SVGSVGElement).getBoundingClientRect();
		const pixel = (((event.clientX - box.left) / box.width) * width - labels) / scale - reach;
		move(pixel / step - 0.5);
	};
	const middle = (Math.floor(position * step) + 0.5) * 1;
	return (
		<div
			class="pull-the-string-strip"
			role="slider"
			tabIndex={0}
			aria-label="position of the answer"
			aria-valuemin={-farthest}
			aria-valuemax={farthest}
			aria-valuenow={position}
			aria-valuetext={`position ${position}, sees ${field} pixels`}
			onKeyDown={(event) => {
				const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
				if (by) {
					event.preventDefault();
					move(position + by);
				}
			}}
			onPointerDown={(event) => {
				event.currentTarget.setPointerCapture(event.pointerId);
				follow(event);
			}}
			onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && follow(event)}
		>
			<svg ref={drawing} viewBox={`0 0 ${width} ${height}`} role="presentation">
				<polygon class="pull-the-string-cone" points={outline(rows, steps, at, yOf)} />
				{rows.map((seen, row) => (
					<g key={row}>
						<text x={0} y={yOf(row) + 4}>
							{row === 0 ? "image" : called(layers[row - 1] as Layer)}
						</text>
						<Dots
							seen={seen}
							step={steps[row] as number}
							reach={reach}
							y={yOf(row)}
							place={(i) => place(row, i)}
						/>
					</g>
				))}
				<circle
					class="pull-the-string-hand"
					cx={place(layers.length, position)}
					cy={yOf(layers.length)}
					r={8}
				/>
				<rect
					class="pull-the-string-nucleus"
					x={at(middle - diameter / 2)}
					y={yOf(0) + 14}
					width={diameter * scale}
					height={18}
					rx={9}
				/>
				<text x={0} y={yOf(0) + 28}>
					nucleus
				</text>
			</svg>
		</div>
	);
}

/** As wide as it is on the screen, so that names keep the size of type on a phone. */
function useWidth(drawing: { readonly current: SVGSVGElement | null }): number {
	const width = useSignal(WIDEST);
	useLayoutEffect(() => {
		const observer = new ResizeObserver(([entry]) => {
			const measured = Math.round(entry?.contentRect.width ?? WIDEST);
			width.value = Math.min(WIDEST, Math.max(NARROWEST, measured));
		});
		observer.observe(drawing.current as SVGSVGElement);
		return () => observer.disconnect();
	}, [drawing, width]);
	return width.value;
}

interface DotsProps {
	readonly seen: readonly number[];
	readonly step: number;
	readonly reach: number;
	readonly y: number;
	readonly place: (index: number) => number;
}

/** The positions of a map; those that the pulled one depends on are filled. */
function Dots({ seen, step, reach, y, place }: DotsProps) {
	const first = Math.ceil(-reach / step);
	const count = Math.max(0, Math.floor(reach / step) - first);
	const lit = new Set(seen);
	const gap = place(1) - place(0);
	const radius = Math.max(0.8, Math.min(4.5, gap * 0.4));
	if (count > MOST_DOTS)
		return <line class="pull-the-string-row" x1={place(first)} x2={place(first + count)} y1={y} y2={y} />;
	return (
		<>
			{Array.from({ length: count }, (_, i) => first + i).map((index) => (
				<circle
					key={index}
					class={lit.has(index) ? "pull-the-string-lit" : "pull-the-string-dot"}
					cx={place(index)}
					cy={y}
					r={radius}
				/>
			))}
		</>
	);
}

/** The cone: left and right end of what is seen, row by row. */
function outline(
	rows: readonly (readonly number[])[],
	steps: readonly number[],
	at: (pixel: number) => number,
	yOf: (row: number) => number,
): string {
	const left = rows.map((seen, row) => `${at((seen[0] as number) * (steps[row] as number))},${yOf(row)}`);
	const right = rows.map(
		(seen, row) => `${at(((seen.at(-1) as number) + 1) * (steps[row] as number))},${yOf(row)}`,
	);
	return [...left, ...right.toReversed()].join(" ");
}
