// One kernel: a patch of the image, times the weights, summed; and the same for every place of the image.

import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { ColourBar } from "../../parts/colour-bar.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst, useTurns } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { patch, sideOf } from "./convolution.ts";
import { KernelControls } from "./kernel-controls.tsx";
import { LayerControls } from "./layer-controls.tsx";
import { NetKernels } from "./net-kernels.tsx";
import { OFFSET } from "./predictions.ts";
import { Products } from "./products.tsx";
import { Turned } from "./turned.tsx";
import { fullColour, placeOn, short, type View, viewOf } from "./view.ts";
import { Zoom } from "./zoom.tsx";

export function OneKernel({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench), [bench]);
	const picture = bench.picture.value;
	const [height = 0, width = 0] = picture.pixels.shape;
	const layer = view.layer.value;
	const at = { y: placeOn(layer, view.row.value, height), x: placeOn(layer, view.column.value, width) };
	const under = patch(picture.pixels, layer, at.y, at.x);
	const side = sideOf(layer.kernel);
	const turn = useTurns();
	useDrawn(root, under);
	const move = (to: Place) => {
		view.row.value = Math.floor(to.y);
		view.column.value = Math.floor(to.x);
	};
	return (
		<div class="kernel-bench-layout" ref={root}>
			<div class="kernel-bench-image">
				<Raster
					label={`${picture.name}, the image`}
					height={height}
					width={width}
					values={picture.pixels.data}
					low={picture.low}
					high={picture.high}
					handle={{ label: "patch", at, move, step: layer.stride }}
					caption="the image: drag the patch"
				>
					<Frame {...at} side={Math.max(side, 7)} />
				</Raster>
			</div>
			<div class="kernel-bench-kernel">
				<KernelControls view={view} />
			</div>
			<div class="kernel-bench-output screen">
				<PredictFirst bench={bench} {...turn(0)} {...OFFSET}>
					<Output view={view} bench={bench} at={at} />
				</PredictFirst>
			</div>
			<div class="kernel-bench-sum screen">
				<div class="kernel-bench-patch">
					<Zoom picture={picture} {...at} side={side} />
					<Products under={under} kernel={layer.kernel} picture={picture} />
				</div>
				<Turned turn={turn(1)} bench={bench} view={view} under={under} />
			</div>
			<div class="kernel-bench-layer">
				<LayerControls turn={turn(2)} bench={bench} view={view} />
			</div>
			<NetKernels bench={bench} use={view.setLayer} />
		</div>
	);
}

/** Where the middle of the patch is, in whole pixels of the image. */
interface Place {
	readonly y: number;
	readonly x: number;
}

interface OutputProps {
	readonly bench: Bench;
	readonly view: View;
	readonly at: Place;
}

/** The sum at every place, in signed colours, and the place of the patch. */
function Output({ bench, view, at }: OutputProps) {
	const layer = view.layer.value;
	const { shape, data } = view.result.value;
	const [rows = 0, columns = 0] = shape;
	const first = layer.padding === "none" ? (sideOf(layer.kernel) - 1) / 2 : 0;
	const most = fullColour(layer.kernel, bench.picture.value.low, bench.picture.value.high);
	return (
		<figure class="raster">
			<Raster
				label="the output, signed"
				height={rows}
				width={columns}
				values={data}
				low={-most}
				high={most}
				map="signed"
				caption={`the output, ${columns} × ${rows}`}
			>
				<Frame
					y={(at.y - first) / layer.stride}
					x={(at.x - first) / layer.stride}
					side={Math.max(1, 5 / layer.stride)}
				/>
			</Raster>
			<ColourBar map="signed" low={short(-most)} high={short(most)} />
		</figure>
	);
}

/** Around a pixel; larger than the patch where that would be too small to be seen. */
function Frame({ y, x, side }: Place & { readonly side: number }) {
	const corner = { y: y + 0.5 - side / 2, x: x + 0.5 - side / 2, width: side, height: side };
	return (
		<>
			<rect class="kernel-bench-frame is-edge" {...corner} vector-effect="non-scaling-stroke" />
			<rect class="kernel-bench-frame" {...corner} vector-effect="non-scaling-stroke" />
		</>
	);
}
