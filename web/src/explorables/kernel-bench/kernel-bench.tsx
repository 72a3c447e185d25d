// The screen: the picture with its frame, and what the kernel makes of it.

import { useComputed } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { useDrawn } from "../../parts/drawn.ts";
import { Raster } from "../../parts/raster.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { correlate, products } from "./convolution.ts";

const SOBEL = [-1, 0, 1, -2, 0, 2, -1, 0, 1];

export function KernelBench({ bench }: { readonly bench: Bench }) {
	const root = useRef<HTMLDivElement>(null);
	const view = useMemo(
		() => ({
			kernel: bench.state.numbers("kernel", SOBEL),
			row: bench.state.number("row", 100),
			column: bench.state.number("column", 100),
		}),
		[bench],
	);
	const picture = bench.picture.value;
	const [height = 0, width = 0] = picture.pixels.shape;
	const result = useComputed(() => correlate(bench.picture.value.pixels, view.kernel.value)).value;
	const y = Math.min(height - 1, Math.round(view.row.value));
	const x = Math.min(width - 1, Math.round(view.column.value));
	const here = products(picture.pixels, view.kernel.value, y, x);
	const side = Math.sqrt(view.kernel.value.length);
	const frame = { x: x - (side - 1) / 2, y: y - (side - 1) / 2, width: side, height: side };
	useDrawn(root, here);
	return (
		<div class="screen" ref={root}>
			<div class="screen-pictures">
				<Raster
					label={`${picture.name}, the image`}
					height={height}
					width={width}
					values={picture.pixels.data}
					low={picture.low}
					high={picture.high}
					handle={{
						label: "patch",
						at: { y, x },
						move: (to) => {
							view.row.value = Math.floor(to.y);
							view.column.value = Math.floor(to.x);
						},
					}}
					caption="the image"
				>
					<rect class="kernel-bench-frame" {...frame} vector-effect="non-scaling-stroke" />
				</Raster>
				<Raster
					label="the image after the kernel, signed"
					height={height}
					width={width}
					values={result.data}
					low={-(picture.high - picture.low)}
					high={picture.high - picture.low}
					map="signed"
					caption="what the kernel makes of it"
				/>
			</div>
			<ReadOuts>
				<ReadOut label="sum of the products" name="sum">
					{here.sum.toFixed(1)}
				</ReadOut>
			</ReadOuts>
		</div>
	);
}
