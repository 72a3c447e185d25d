// The pixels around the patch, so large that one sees each.

import { useMemo } from "preact/hooks";
import { Raster } from "../../parts/raster.tsx";
import type { Picture } from "../../picture.ts";

const SHOWN = 23; // pixels to each side of the square, odd so that the patch lies in the middle

interface ZoomProps {
	readonly picture: Picture;
	readonly y: number;
	readonly x: number;
	readonly side: number;
}

export function Zoom({ picture, y, x, side }: ZoomProps) {
	const around = useMemo(() => cut(picture, y, x), [picture, y, x]);
	const corner = (SHOWN - side) / 2;
	const patch = { y: corner, x: corner, width: side, height: side };
	return (
		<Raster
			label="the pixels around the patch"
			height={SHOWN}
			width={SHOWN}
			values={around}
			low={picture.low}
			high={picture.high}
			caption="around the patch"
		>
			<rect class="kernel-bench-frame is-edge" {...patch} vector-effect="non-scaling-stroke" />
			<rect class="kernel-bench-frame" {...patch} vector-effect="non-scaling-stroke" />
		</Raster>
	);
}

/** The pixels around a place; NaN outside of the picture. */
function cut(picture: Picture, y: number, x: number): Float32Array {
	const [height = 0, width = 0] = picture.pixels.shape;
	const reach = (SHOWN - 1) / 2;
	return Float32Array.from({ length: SHOWN * SHOWN }, (_, i) => {
		const row = y + Math.floor(i / SHOWN) - reach;
		const column = x + (i % SHOWN) - reach;
		const isThere = row >= 0 && column >= 0 && row < height && column < width;
		return isThere ? picture.pixels.data[row * width + column]! : Number.NaN;
	});
}
