// A picture in which a hand drags the frame of the square that is looked at.

import type { Signal } from "@preact/signals";
import type { Picture } from "../picture.ts";
import { Raster } from "./raster.tsx";
import { cornerIn } from "./square.ts";

interface SquarePickerProps {
	readonly picture: Picture;
	/** Upper left pixel of the square. */
	readonly row: Signal<number>;
	readonly column: Signal<number>;
	readonly side: number;
	readonly caption: string;
}

export function SquarePicker({ picture, row, column, side, caption }: SquarePickerProps) {
	const { pixels } = picture;
	const [height = 0, width = 0] = pixels.shape;
	const at = cornerIn(pixels, row.value, column.value, side);
	return (
		<div class="square-picker">
			<Raster
				label={picture.name}
				height={height}
				width={width}
				values={pixels.data}
				low={picture.low}
				high={picture.high}
				caption={caption}
				handle={{
					label: "frame",
					at: { y: at.y + side / 2, x: at.x + side / 2 },
					say: `row ${at.y}, column ${at.x}`,
					move: (to) => {
						const corner = cornerIn(pixels, to.y - side / 2, to.x - side / 2, side);
						row.value = corner.y;
						column.value = corner.x;
					},
				}}
			>
				<rect {...at} width={side} height={side} vector-effect="non-scaling-stroke" />
			</Raster>
		</div>
	);
}
