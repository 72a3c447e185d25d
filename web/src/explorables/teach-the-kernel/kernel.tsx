// Nine weights, as numbers on their colours.

import { colour, inkOn } from "../../parts/colour-maps.ts";

interface KernelProps {
	readonly caption: string;
	readonly weights: readonly number[];
	/** The weight in full colour. */
	readonly most: number;
}

export function Kernel({ caption, weights, most }: KernelProps) {
	return (
		<table class="teach-the-kernel-kernel">
			<caption class="small soft">{caption}</caption>
			<tbody>
				{[0, 3, 6].map((row) => (
					<tr key={row}>
						{weights.slice(row, row + 3).map((weight, column) => {
							const ground = colour(weight, -most, most, "signed");
							return (
								<td key={String(row + column)} style={{ background: ground, color: inkOn(ground) }}>
									{said(weight)}
								</td>
							);
						})}
					</tr>
				))}
			</tbody>
		</table>
	);
}

function said(weight: number): string {
	const text = weight.toFixed(2);
	return text === "-0.00" ? "0.00" : text.replace("-", "−");
}
