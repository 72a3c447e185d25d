// The patch, the weights and their products, cell by cell.

import { type ColourMap, colour, inkOn } from "../../parts/colour-maps.ts";
import type { Picture } from "../../picture.ts";
import { sideOf, sumOf } from "./convolution.ts";

interface ProductsProps {
	readonly under: readonly number[];
	readonly kernel: readonly number[];
	readonly picture: Picture;
}

export function Products({ under, kernel, picture }: ProductsProps) {
	const products = under.map((value, i) => value * kernel[i]!);
	const heaviest = Math.max(...kernel.map(Math.abs), 1e-6);
	const most = heaviest * Math.max(Math.abs(picture.low), Math.abs(picture.high));
	return (
		<div class="kernel-bench-products">
			<Grid name="pixels" values={under} low={picture.low} high={picture.high} map="grey" />
			<span aria-hidden="true">×</span>
			<Grid name="weights" values={kernel} low={-heaviest} high={heaviest} map="signed" />
			<span aria-hidden="true">=</span>
			<Grid name="products" values={products} low={-most} high={most} map="signed" />
			<span class="kernel-bench-total">
				<span aria-hidden="true">→</span> sum <strong data-read="sum">{sumOf(products).toFixed(1)}</strong>
			</span>
		</div>
	);
}

interface GridProps {
	readonly name: string;
	readonly values: readonly number[];
	readonly low: number;
	readonly high: number;
	readonly map: ColourMap;
}

function Grid({ name, values, low, high, map }: GridProps) {
	const side = sideOf(values);
	return (
		<figure>
			<div
				class={side === 3 ? "kernel-bench-grid is-large" : "kernel-bench-grid"}
				style={{ gridTemplateColumns: `repeat(${side}, 1fr)` }}
			>
				{values.map((value, i) => (
					<span
						key={`${name} ${i}`}
						style={{ background: colour(value, low, high, map), color: inkOn(colour(value, low, high, map)) }}
					>
						{short(value)}
					</span>
				))}
			</div>
			<figcaption class="small soft">{name}</figcaption>
		</figure>
	);
}

/** In at most five signs, so that cells keep their size. */
function short(value: number): string {
	const size = Math.abs(value);
	if (size >= 9999.5) return `${(value / 1000).toFixed(0)}k`;
	if (size >= 99.5) return value.toFixed(0);
	return String(Number(value.toFixed(size >= 9.95 ? 1 : 2)));
}
