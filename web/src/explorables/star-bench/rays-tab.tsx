// Rays: a star on a shape, its centre and its rays in the hand, and what the star cannot reach.

import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Button, Choice, Slider } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { Raster } from "../../parts/raster.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import type { Picture } from "../../picture.ts";
import { edgePath, pixelPath, polygonPath } from "./outlines.ts";
import { type Corners, cornersOf } from "./painting.ts";
import { bestPlace, iouOf, isInside, type Mask, type Place, type Reach, rayLengths, reach } from "./rays.ts";
import { ShapeLegend } from "./sample.tsx";
import { drawn, middleOf, nucleus, numbersIn } from "./shapes.ts";
import { StarHands } from "./star-hands.tsx";
import type { Shape, View } from "./view.ts";

interface RaysTabProps {
	readonly bench: Bench;
	readonly view: View;
	readonly root: { readonly current: HTMLDivElement | null };
}

/** A shape and the grey values behind it. */
interface Scene {
	readonly mask: Mask;
	readonly values: Float32Array;
	readonly low: number;
	readonly high: number;
	readonly middle: Place;
}

export function RaysTab({ bench, view, root }: RaysTabProps) {
	const numbers = useComputed(() => {
		const { truth } = bench.picture.value;
		return truth ? numbersIn(truth.data) : [];
	}).value;
	const shape = numbers.length || view.shape.value !== "nucleus" ? view.shape.value : "ellipse";
	const number = numbers[Math.min(numbers.length, view.nucleus.value) - 1] ?? 0;
	const scene = useComputed(() =>
		sceneOf(bench.picture.value, shapeOf(bench, view), numberOf(bench, view)),
	).value;
	const rays = Number(view.rays.value);
	const best = useComputed(() => {
		const { mask } = sceneOf(bench.picture.value, shapeOf(bench, view), numberOf(bench, view));
		return bestPlace(mask, Number(view.rays.value));
	}).value;
	forgetHand(bench, view);
	const { mask } = scene;
	const centre = within(view.centre.value, mask) ?? scene.middle;
	const measured = rayLengths(mask, centre, rays);
	const isByHand = view.lengths.value.length === rays;
	const lengths = isByHand ? view.lengths.value : measured;
	const corners = cornersOf(centre.y, centre.x, lengths);
	const found = reach(mask, centre, lengths);
	useDrawn(root, found);
	const moveTo = (to: Place) => {
		view.centre.value = [to.y, to.x];
		view.lengths.value = [];
	};
	const isIn = isInside(mask, centre.y, centre.x);
	return (
		<div class="screen-split star-bench-split">
			<div class="screen-controls">
				<div class="star-bench-held">
					<Raster
						label={
							shape === "nucleus"
								? `nucleus ${number} of ${bench.picture.value.name}`
								: `a drawn shape: ${shape}`
						}
						height={mask.height}
						width={mask.width}
						values={scene.values}
						low={scene.low}
						high={scene.high}
					>
						<StarDrawing mask={mask} corners={corners} centre={centre} found={found} isIn={isIn} />
					</Raster>
					<StarHands
						size={mask}
						centre={centre}
						corners={corners}
						lengths={lengths}
						moveTo={moveTo}
						stretch={(ray, length) => {
							const longest = Math.hypot(mask.height, mask.width);
							view.lengths.value = Array.from(lengths, (old, i) =>
								i === ray ? Math.min(longest, Math.max(0, length)) : old,
							);
						}}
					/>
				</div>
				<ShapeLegend />
			</div>
			<div class="screen-controls">
				<Choice
					label="Shape"
					value={view.shape}
					options={SHAPES.filter(([word]) => word !== "nucleus" || numbers.length > 0)}
				/>
				{shape === "nucleus" && (
					<Slider label="Nucleus" value={view.nucleus} min={1} max={numbers.length} step={1} />
				)}
				{numbers.length === 0 && (
					<p class="soft small">
						Only practice images know their true nuclei; of your own image nobody does.
					</p>
				)}
				<Choice label="Rays" value={view.rays} options={RAYS} />
				<ReadOuts>
					<ReadOut label="of the shape is covered" name="covered">
						{((100 * found.both) / found.shape).toFixed(1)} %
					</ReadOut>
					<ReadOut label="IoU of star and shape" name="iou">
						{iouOf(found).toFixed(3)}
					</ReadOut>
					<ReadOut label="IoU from the best centre" name="best-iou">
						{best.iou.toFixed(3)}
					</ReadOut>
				</ReadOuts>
				<p class="star-bench-said" data-read="said" aria-live="polite">
					{!isIn
						? "The centre lies outside the shape: there is nothing to measure, and no star."
						: isByHand
							? "You have set rays by hand. The net, too, says one length for each ray, and can be wrong in each."
							: `Each ray runs from the centre until the shape ends. ${found.shape - found.both} pixels are not covered.`}
				</p>
				<div class="star-bench-buttons">
					<Button onClick={() => moveTo(best.at)}>Go to the best centre</Button>
					<Button isDisabled={!isByHand} onClick={() => moveTo(centre)}>
						Measure again
					</Button>
				</div>
				<p class="small soft">
					A star holds what can be seen from its centre in straight lines; between two rays its outline is
					straight. What lies around a corner is lost, however well a net has learned. IoU is the area that
					both share, divided by the area that they cover together.
				</p>
			</div>
		</div>
	);
}

function StarDrawing(props: {
	readonly mask: Mask;
	readonly corners: Corners;
	readonly centre: Place;
	readonly found: Reach;
	readonly isIn: boolean;
}) {
	const { mask, corners, centre, found, isIn } = props;
	const { height, width } = mask;
	const rays = Array.from(
		corners.ys,
		(y, ray) => `M${centre.x + 0.5} ${centre.y + 0.5}L${(corners.xs[ray] as number) + 0.5} ${y + 0.5}`,
	);
	return (
		<>
			<defs>
				<pattern
					id="star-bench-lost"
					width="1.6"
					height="1.6"
					patternUnits="userSpaceOnUse"
					patternTransform="rotate(45)"
				>
					<rect class="star-bench-lost-line" width="0.55" height="1.6" />
				</pattern>
				<pattern id="star-bench-beyond" width="1.5" height="1.5" patternUnits="userSpaceOnUse">
					<circle class="star-bench-beyond-dot" cx="0.75" cy="0.75" r="0.38" />
				</pattern>
			</defs>
			<path class="star-bench-lost" d={pixelPath((i) => found.wrong[i] === 1, height, width)} />
			<path class="star-bench-beyond" d={pixelPath((i) => found.wrong[i] === 2, height, width)} />
			<path class="star-bench-shape" d={edgePath((i) => mask.inside[i] === 1, height, width)} />
			<path class="star-bench-ray" d={rays.join("")} />
			{isIn && <path class="star-bench-star" d={polygonPath(corners)} />}
		</>
	);
}

const SHAPES: readonly (readonly [Shape, string])[] = [
	["nucleus", "A true nucleus"],
	["ellipse", "Ellipse"],
	["bean", "Bean"],
	["ring", "Ring"],
	["branched", "Branched"],
];
const RAYS = [
	["8", "8"],
	["16", "16"],
	["32", "32"],
	["64", "64"],
] as const;

/** Another shape or number of rays: what a hand has set does not fit any more. */
function forgetHand(bench: Bench, view: View): void {
	const shape = useRef("");
	const rays = useRef("");
	useSignalEffect(() => {
		const nowShape = `${bench.picture.value.image} ${view.shape.value} ${view.nucleus.value}`;
		const nowRays = view.rays.value;
		if (shape.current && shape.current !== nowShape) view.centre.value = [];
		if (shape.current && (shape.current !== nowShape || rays.current !== nowRays)) view.lengths.value = [];
		shape.current = nowShape;
		rays.current = nowRays;
	});
}

function shapeOf(bench: Bench, view: View): Shape {
	return bench.picture.value.truth || view.shape.value !== "nucleus" ? view.shape.value : "ellipse";
}

function numberOf(bench: Bench, view: View): number {
	const { truth } = bench.picture.value;
	const numbers = truth ? numbersIn(truth.data) : [];
	return numbers[Math.min(numbers.length, view.nucleus.value) - 1] ?? 0;
}

function sceneOf(picture: Picture, shape: Shape, number: number): Scene {
	if (shape !== "nucleus" || !picture.truth) {
		const mask = drawn(shape === "nucleus" ? "ellipse" : shape);
		const values = Float32Array.from(mask.inside, (inside) => (inside ? 0.55 : 0.1));
		return { mask, values, low: 0, high: 1, middle: middleOf(mask) };
	}
	const [height = 0, width = 0] = picture.pixels.shape;
	const cut = nucleus(picture.truth.data, width, number);
	const values = new Float32Array(cut.inside.length).fill(Number.NaN);
	for (let i = 0; i < values.length; i++) {
		const y = Math.floor(i / cut.width) + cut.top;
		const x = (i % cut.width) + cut.left;
		if (y >= 0 && y < height && x >= 0 && x < width) values[i] = picture.pixels.data[y * width + x] as number;
	}
	return { mask: cut, values, low: picture.low, high: picture.high, middle: middleOf(cut) };
}

function within(centre: readonly number[], { height, width }: Mask): Place | null {
	const [y, x] = centre;
	if (y === undefined || x === undefined) return null;
	return {
		y: Math.min(height - 1, Math.max(0, Math.round(y))),
		x: Math.min(width - 1, Math.max(0, Math.round(x))),
	};
}
