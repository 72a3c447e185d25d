// The centre and the tips of a star in the hand: a pointer takes what is nearest, keys move the centre or stretch a ray.

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Corners, Size } from "./painting.ts";
import type { Place } from "./rays.ts";

interface StarHandsProps {
	readonly size: Size;
	readonly centre: Place;
	readonly corners: Corners;
	readonly lengths: ArrayLike<number>;
	readonly moveTo: (to: Place) => void;
	readonly stretch: (ray: number, length: number) => void;
}

const CENTRE = -1;
const NOTHING = -2;
const REACH = 28; // CSS pixels: how near a pointer must come down
const STEP = 0.5; // pixels that an arrow key stretches a ray
const ARROWS: Record<string, readonly [number, number]> = {
	ArrowUp: [-1, 0],
	ArrowDown: [1, 0],
	ArrowLeft: [0, -1],
	ArrowRight: [0, 1],
};
const LONGER: Record<string, number> = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };

export function StarHands({ size, centre, corners, lengths, moveTo, stretch }: StarHandsProps) {
	const area = useRef<HTMLDivElement>(null);
	const rayHand = useRef<HTMLDivElement>(null);
	const held = useRef(NOTHING);
	const chosen = useSignal(0);
	const ray = Math.min(lengths.length - 1, chosen.value);
	const length = lengths[ray] as number;

	const placeOf = (event: PointerEvent): { y: number; x: number; scale: number } => {
		const box = (area.current as HTMLDivElement).getBoundingClientRect();
		const scale = box.width / size.width;
		return { y: (event.clientY - box.top) / scale - 0.5, x: (event.clientX - box.left) / scale - 0.5, scale };
	};
	const follow = (event: PointerEvent) => {
		const { y, x } = placeOf(event);
		if (held.current === CENTRE) moveTo({ y: inside(y, size.height), x: inside(x, size.width) });
		if (held.current < 0) return;
		const angle = (2 * Math.PI * held.current) / lengths.length;
		const along = (y - centre.y) * Math.sin(angle) + (x - centre.x) * Math.cos(angle);
		stretch(held.current, Math.round(along * 10) / 10);
	};
	const take = (event: PointerEvent) => {
		const { y, x, scale } = placeOf(event);
		held.current = nearest(y, x, centre, corners, REACH / scale);
		if (held.current === NOTHING) return;
		area.current?.setPointerCapture(event.pointerId);
		event.preventDefault();
		if (held.current >= 0) {
			chosen.value = held.current;
			rayHand.current?.focus({ preventScroll: true });
		}
		follow(event);
	};
	const moveCentre = (event: KeyboardEvent) => {
		const arrow = ARROWS[event.key];
		if (!arrow) return;
		event.preventDefault();
		const far = event.shiftKey ? 10 : 1;
		moveTo({
			y: inside(centre.y + far * arrow[0], size.height),
			x: inside(centre.x + far * arrow[1], size.width),
		});
	};
	const stretchRay = (event: KeyboardEvent) => {
		const turn = { PageUp: 1, PageDown: -1 }[event.key];
		const longer = LONGER[event.key];
		if (!turn && !longer) return;
		event.preventDefault();
		if (turn) chosen.value = (ray + turn + lengths.length) % lengths.length;
		else stretch(ray, length + (longer as number) * STEP * (event.shiftKey ? 10 : 1));
	};
	return (
		<div
			class="star-bench-hands"
			ref={area}
			onPointerDown={take}
			onPointerMove={(event) => {
				if (area.current?.hasPointerCapture(event.pointerId)) follow(event);
			}}
			onPointerUp={() => {
				held.current = NOTHING;
			}}
		>
			{Array.from(corners.ys, (y, i) => (
				<span
					key={i}
					class={i === ray ? "star-bench-tip is-chosen" : "star-bench-tip"}
					style={at(y, corners.xs[i] as number, size)}
				/>
			))}
			<div
				class="star-bench-hand is-ray"
				ref={rayHand}
				role="slider"
				tabIndex={0}
				aria-label={`length of ray ${ray + 1} of ${lengths.length}; Page Up and Page Down go to other rays`}
				aria-valuemin={0}
				aria-valuemax={Math.round(Math.hypot(size.height, size.width))}
				aria-valuenow={Number(length.toFixed(1))}
				aria-valuetext={`${length.toFixed(1)} pixels`}
				style={at(corners.ys[ray] as number, corners.xs[ray] as number, size)}
				onKeyDown={stretchRay}
			/>
			<div
				class="star-bench-hand is-centre"
				role="application"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move it
				tabIndex={0}
				aria-roledescription="place in the picture"
				aria-label={`centre of the star: row ${centre.y}, column ${centre.x}. Arrow keys move it.`}
				style={at(centre.y, centre.x, size)}
				onKeyDown={moveCentre}
			/>
		</div>
	);
}

function nearest(y: number, x: number, centre: Place, { ys, xs }: Corners, reach: number): number {
	let best = NOTHING;
	let away = reach;
	const offer = (which: number, distance: number) => {
		if (distance >= away) return;
		best = which;
		away = distance;
	};
	offer(CENTRE, Math.hypot(y - centre.y, x - centre.x));
	for (let i = 0; i < ys.length; i++) offer(i, Math.hypot(y - (ys[i] as number), x - (xs[i] as number)));
	return best;
}

function inside(value: number, length: number): number {
	return Math.min(length - 1, Math.max(0, Math.round(value)));
}

function at(y: number, x: number, { height, width }: Size) {
	return { top: `${(100 * (y + 0.5)) / height}%`, left: `${(100 * (x + 0.5)) / width}%` };
}
