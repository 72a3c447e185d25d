// Others: the same crowd as stars, as boxes, and as pieces of a U-Net's answer, counted alike.

import { useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { Choice } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { newest } from "../../parts/newest.ts";
import { windowOf } from "../../picture.ts";
import type { Tensor } from "../../tensor.ts";
import { countBoxes, suppressBoxes } from "./boxes.ts";
import { countObjects } from "./counting.ts";
import type { Loaded } from "./loaded.ts";
import { type Drawn, ObjectsPicture } from "./objects-picture.tsx";
import { outlineOf } from "./outcome.ts";
import { labelPaths, polygonPath } from "./outlines.ts";
import { outcomeAt } from "./remembered.ts";
import { CrowdLegend } from "./sample.tsx";
import { type NetTabProps, Problem } from "./star-bench.tsx";
import { Thresholds, thresholds } from "./suppression-tab.tsx";
import type { Read, View } from "./view.ts";

interface Asked {
	readonly loaded: Loaded;
	readonly threshold: number;
	readonly read: Read;
}

export function OthersTab({ bench, view, loaded, root }: NetTabProps) {
	const asked = useMemo(
		() =>
			newest<Asked, Asked & { readonly labels: Int32Array }>(async (asked, abort) => {
				const request = {
					window: windowOf(asked.loaded.picture),
					threshold: asked.threshold,
					read: asked.read,
				};
				const answer = await bench.ask<{ labels: Tensor<Int32Array> }>("crowd", request, abort);
				return { ...asked, labels: answer.labels.data };
			}),
		[bench],
	);
	useEffect(() => () => asked.stop(), [asked]);
	useSignalEffect(() =>
		asked.ask({ loaded, threshold: thresholds(view, loaded).prob, read: view.read.value }),
	);
	const stars = useComputed(() => asStars(view, loaded)).value;
	const boxes = useComputed(() => asBoxes(view, loaded)).value;
	const pieces = useComputed(() => asPieces(asked.answer.value?.labels ?? null, loaded)).value;
	useDrawn(root, [stars, boxes, pieces]);
	const hasTruth = loaded.truth !== null;
	return (
		<>
			<div class="star-bench-others-controls">
				<div class="screen-controls">
					<Thresholds view={view} loaded={loaded} />
				</div>
				<div class="screen-controls">
					<Choice
						label="U-Net: an object is"
						value={view.read}
						options={[
							["pieces", "what hangs together"],
							["seeds", "grown from interiors"],
						]}
					/>
					<p class="small soft">
						{view.read.value === "pieces"
							? "A plain U-Net says foreground or not. The probability threshold decides, and touching nuclei become one object. τ has no meaning here."
							: "convivo's U-Net also learns a rim inside each nucleus. Interiors without their rims lie apart and grow back. It uses its own thresholds here, so the sliders do not move it."}
					</p>
				</div>
			</div>
			<Problem problem={asked.problem.value} />
			<CrowdLegend hasTruth={hasTruth} isEnd isPlain />
			<div class="screen-pictures star-bench-others">
				<ObjectsPicture name="stars" title="Stars" loaded={loaded} drawn={stars}>
					Overlap divided by the {view.criterion.value === "smaller" ? "smaller star" : "area of both (IoU)"}.
				</ObjectsPicture>
				<ObjectsPicture name="boxes" title="Boxes" loaded={loaded} drawn={boxes}>
					The box around each star; boxes suppress each other by their IoU. A box is right if its IoU with the
					box of a true nucleus is at least 0.5.
				</ObjectsPicture>
				<ObjectsPicture name="pieces" title="U-Net" loaded={loaded} drawn={pieces}>
					{view.read.value === "pieces"
						? "Connected pieces of foreground."
						: "Interiors, grown into the foreground."}
				</ObjectsPicture>
			</div>
			<p class="small soft">
				One net's stars stand behind the first two pictures, so these differ in suppression alone. Move τ.
				Low: boxes lose nuclei first, because the boxes of slanting neighbours share much even where the
				nuclei hardly touch. High: several boxes stay on one nucleus. In between boxes can count as well as
				stars, but a box knows no outline, and only boxes are compared with boxes here.
			</p>
		</>
	);
}

function asStars(view: View, loaded: Loaded): Drawn {
	const { prob, tau } = thresholds(view, loaded);
	const { objects, counts } = outcomeAt(loaded, prob, tau, view.criterion.value);
	return { paths: objects.map((star) => polygonPath(outlineOf(loaded.stars, star))), counts };
}

function asBoxes(view: View, loaded: Loaded): Drawn {
	const { prob, tau } = thresholds(view, loaded);
	const stays = suppressBoxes(loaded.boxes, loaded.stars, prob, tau).flatMap(
		(star) => loaded.boxes[star] ?? [],
	);
	const paths = stays.map((box) => `M${box.left} ${box.top}H${box.right}V${box.bottom}H${box.left}Z`);
	return { paths, counts: loaded.trueBoxes && countBoxes(stays, loaded.trueBoxes) };
}

function asPieces(labels: Int32Array | null, { size, truth }: Loaded): Drawn | null {
	if (!labels || labels.length !== size.height * size.width) return null;
	return { paths: labelPaths(labels, size.height, size.width), counts: truth && countObjects(truth, labels) };
}
