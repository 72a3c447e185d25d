// One kernel: a patch of the image, times the weights, summed; and the same for every place of the image.

import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { ColourBar } from "../../parts/colour-bar.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { PredictFirst, useTurns } from "../../parts/predict-first.tsx";
import { Raster } from "../../parts/raster.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { patch, sideOf, sumOf } from "./convolution.ts";
import { KernelControls } from "./kernel-controls.tsx";
import { NetKernels } from "./net-kernels.tsx";
import { FLIP, OFFSET, SHRINK } from "./predictions.ts";
import { Products } from "./products.tsx";
import { fullColour, placeOn, viewOf } from "./view.ts";
import { Zoom } from "./zoom.tsx";

export function OneKernel({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(() => viewOf(bench), [bench]);
	const picture = bench.picture.value;
	const [height = 0, width = 0] = picture.pixels.shape;
	const layer = view.layer.value;
	const result = view.result.value;
	const [rows = 0, columns = 0] = result.shape;
	const y = placeOn(layer, view.row.value, height);
	const x = placeOn(layer, view.column.value, width);
	const under = patch(picture.pixels, layer, y, x);
	const products = under.map((value, i) => value * layer.kernel[i]!);
	const most = fullColour(layer.kernel, picture.low, picture.high);
	const side = sideOf(layer.kernel);
	const first = layer.padding === "none" ? (side - 1) / 2 : 0;
	const turn = useTurns();
	useDrawn(root, under);
	const move = (to: { readonly y: number; readonly x: number }) => {
		view.row.value = Math.floor(to.y);
		view.column.value = Math.floor(to.x);
	};
	return (
		<div class="screen" ref={root}>
			<div class="kernel-bench-layout">
				<div class="kernel-bench-pictures">
					<Raster
						label={`${picture.name}, the image`}
						height={height}
						width={width}
						values={picture.pixels.data}
						low={picture.low}
						high={picture.high}
						handle={{ label: "patch", at: { y, x }, move, step: layer.stride }}
						caption="the image: drag the patch"
					>
						<Frame y={y} x={x} side={Math.max(side, 7)} />
					</Raster>
					<PredictFirst bench={bench} {...turn(0)} {...OFFSET}>
						<figure class="raster">
							<Raster
								label="the output, signed"
								height={rows}
								width={columns}
								values={result.data}
								low={-most}
								high={most}
								map="signed"
								caption={`the output, ${columns} × ${rows}`}
							>
								<Frame
									y={(y - first) / layer.stride}
									x={(x - first) / layer.stride}
									side={Math.max(1, 5 / layer.stride)}
								/>
							</Raster>
							<ColourBar map="signed" low={number(-most)} high={number(most)} />
						</figure>
					</PredictFirst>
				</div>
				<KernelControls view={view} />
				<div class="screen">
					<div class="kernel-bench-sum">
						<Zoom picture={picture} y={y} x={x} side={side} />
						<Products under={under} kernel={layer.kernel} products={products} picture={picture} />
					</div>
					<ReadOuts>
						<ReadOut label="sum of the products" name="sum">
							{sumOf(products).toFixed(1)}
						</ReadOut>
						<ReadOut label="sum of the weights" name="weights">
							{number(sumOf(layer.kernel))}
						</ReadOut>
						<ReadOut label="output, columns × rows" name="size">
							{columns} × {rows}
						</ReadOut>
						<ReadOut label="correlation and convolution differ by up to" name="difference">
							{view.difference.value.toFixed(1)}
						</ReadOut>
					</ReadOuts>
					<p class="small soft">
						The difference is the largest over all places, in the units of the output. It is zero for kernels
						that look the same when they are turned by half.
					</p>
					<NetKernels bench={bench} use={view.setKernel} />
				</div>
			</div>
			{bench.predictFirst.value && (
				<>
					<PredictFirst bench={bench} {...turn(1)} {...FLIP} />
					<PredictFirst bench={bench} {...turn(2)} {...SHRINK} />
				</>
			)}
		</div>
	);
}

function Frame({ y, x, side }: { readonly y: number; readonly x: number; readonly side: number }) {
	const corner = { y: y + 0.5 - side / 2, x: x + 0.5 - side / 2 };
	return (
		<rect
			class="kernel-bench-frame"
			{...corner}
			width={side}
			height={side}
			vector-effect="non-scaling-stroke"
		/>
	);
}

function number(value: number): string {
	return String(Number(value.toPrecision(4)));
}
