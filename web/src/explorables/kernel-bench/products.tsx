// The patch, the weights and their products, cell by cell.

import { type ColourMap, colour, inkOn } from "../../parts/colour-maps.ts";
import type { Picture } from "../../picture.ts";
import { sideOf, sumOf } from "./convolution.ts";

interface ProductsProps {
	readonly under: readonly number[];
	readonly kernel: readonly number[];
	readonly products: readonly number[];
	readonly picture: Picture;
}

export function Products({ under, kernel, products, picture }: ProductsProps) {
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
				<span aria-hidden="true">→</span> sum <strong>{sumOf(products).toFixed(1)}</strong>
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
				class={side === 3 ? "kernel-bench-grid" : "kernel-bench-grid is-fine"}
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

function short(value: number): string {
	if (value === 0) return "0";
	return Math.abs(value) >= 10 ? value.toFixed(0) : String(Number(value.toFixed(2)));
}
