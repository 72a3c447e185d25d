// All candidates over the picture: centres as dots, outlines of those that matter now. A canvas, because they are thousands.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Loaded } from "./loaded.ts";
import { type Outcome, outlineOf } from "./outcome.ts";
import type { Corners } from "./painting.ts";
import { STANDS, UNLIKELY } from "./suppression.ts";

interface CrowdCanvasProps {
	readonly loaded: Loaded;
	readonly outcome: Outcome;
	/** How many stars have spoken. */
	readonly step: number;
}

const FINE = 4; // points of the canvas for a pixel of the picture
const DOT = 0.8; // pixels

export function CrowdCanvas({ loaded, outcome, step }: CrowdCanvasProps) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const { height, width } = loaded.size;
	useLayoutEffect(() => {
		const context = canvas.current?.getContext("2d");
		if (!context) return;
		context.setTransform(FINE, 0, 0, FINE, 0, 0);
		context.clearRect(0, 0, width, height);
		context.translate(0.5, 0.5); // the middle of pixel 0
		draw(context, colours(canvas.current as HTMLCanvasElement), loaded, outcome, step);
	}, [loaded, outcome, step, height, width]);
	return (
		<div class="star-bench-crowd" aria-hidden="true">
			<canvas ref={canvas} height={height * FINE} width={width * FINE} />
		</div>
	);
}

interface Colours {
	readonly found: string;
	readonly right: string;
	readonly wrong: string;
	readonly hand: string;
	readonly gone: string;
}

function colours(element: HTMLElement): Colours {
	const style = getComputedStyle(element);
	const [found, right, wrong, hand] = ["--found", "--right", "--wrong", "--hand"].map((name) =>
		style.getPropertyValue(name),
	) as [string, string, string, string];
	return { found, right, wrong, hand, gone: style.color };
}

type Context = CanvasRenderingContext2D;

function draw(
	context: Context,
	colour: Colours,
	loaded: Loaded,
	{ decision, objects, counts }: Outcome,
	step: number,
) {
	const { stars } = loaded;
	const spoken = decision.stays.slice(0, step);
	const now = step < decision.stays.length ? spoken.at(-1) : undefined;
	const rank = new Int32Array(decision.by.length).fill(-1);
	for (const [i, star] of decision.stays.entries()) rank[star] = i;
	// stars that stay and have spoken are outlined, the others are dots
	const isGone = (star: number) => {
		const by = decision.by[star] as number;
		return by >= 0 && (rank[by] as number) < step;
	};
	const isOpen = (star: number) =>
		decision.by[star] === STANDS
			? (rank[star] as number) >= step
			: decision.by[star] !== UNLIKELY && !isGone(star);
	dots(context, loaded, colour.found, isOpen);
	dots(context, loaded, colour.gone, isGone);
	if (now !== undefined) {
		context.lineWidth = 0.35;
		context.strokeStyle = colour.gone;
		for (let star = 0; star < decision.by.length; star++) {
			if (decision.by[star] === now) trace(context, outlineOf(stars, star));
		}
	}
	const numberOf = new Map(objects.map((star, i) => [star, i]));
	for (const star of spoken) {
		const number = numberOf.get(star);
		const isJudged = counts !== null && now === undefined && step > 0;
		const isRight = number !== undefined && counts?.isRight[number] === true;
		context.setLineDash(isJudged && !isRight ? [3, 2] : []);
		context.lineWidth = star === now ? 2 : 1.2;
		context.strokeStyle =
			star === now ? colour.hand : !isJudged ? colour.found : isRight ? colour.right : colour.wrong;
		// what is too small to be an object is left out at the end
		if (now !== undefined || number !== undefined) trace(context, outlineOf(stars, star));
	}
	context.setLineDash([]);
	if (counts && step >= decision.stays.length) crosses(context, loaded, counts.missedOnes, colour.wrong);
}

function dots(context: Context, { stars }: Loaded, colour: string, isShown: (star: number) => boolean) {
	context.fillStyle = colour;
	for (let star = 0; star < stars.probabilities.data.length; star++) {
		if (!isShown(star)) continue;
		const y = stars.points.data[2 * star] as number;
		const x = stars.points.data[2 * star + 1] as number;
		context.fillRect(x - DOT / 2, y - DOT / 2, DOT, DOT);
	}
}

function trace(context: Context, { ys, xs }: Corners) {
	context.beginPath();
	for (let i = 0; i < ys.length; i++) context.lineTo(xs[i] as number, ys[i] as number);
	context.closePath();
	context.stroke();
}

function crosses(context: Context, { trueBoxes }: Loaded, numbers: readonly number[], colour: string) {
	context.strokeStyle = colour;
	context.lineWidth = 1.6;
	for (const number of numbers) {
		const box = trueBoxes?.get(number);
		if (!box) continue;
		const y = (box.top + box.bottom) / 2 - 0.5;
		const x = (box.left + box.right) / 2 - 0.5;
		context.beginPath();
		context.moveTo(x - 4, y - 4);
		context.lineTo(x + 4, y + 4);
		context.moveTo(x + 4, y - 4);
		context.lineTo(x - 4, y + 4);
		context.stroke();
	}
}
