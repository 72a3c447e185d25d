// A layer as volumes: the channels that come in, the kernels of one filter through all of them, the maps that go out.

import type { Stack } from "./counts.ts";

const MOST_SHEETS = 12; // maps that are drawn one by one

export function Volumes({
	channels,
	filters,
	kernel,
	side,
	names,
}: Stack & { readonly names: readonly string[] }) {
	const out = Math.min(filters, MOST_SHEETS);
	const spot = 10 + 6 * kernel;
	return (
		<figure class="raster">
			<svg
				class="kernel-bench-volumes"
				viewBox="0 0 640 230"
				role="img"
				aria-label={told(channels, filters, kernel, side)}
			>
				{Array.from({ length: channels }, (_, i) => channels - 1 - i).map((channel) => (
					<g
						key={channel}
						transform={`translate(${20 + 22 * channel} ${30 + 16 * (channels - 1 - channel)})`}
					>
						<rect class={`kernel-bench-sheet is-${channel}`} width={130} height={130} />
						<rect class="kernel-bench-frame" x={70} y={45} width={spot} height={spot} />
					</g>
				))}
				<text x={20} y={218}>
					{names.slice(0, channels).join(", ")}: {channels} × {side} × {side}
				</text>
				<path class="kernel-bench-arrow" d="M 225 105 H 285" />
				<path class="kernel-bench-arrow" d="M 355 105 H 405" />
				<g transform="translate(295 75)">
					{Array.from({ length: channels }, (_, i) => channels - 1 - i).map((channel) => (
						<rect
							key={channel}
							class={`kernel-bench-sheet is-${channel}`}
							x={9 * channel}
							y={8 * (channels - 1 - channel)}
							width={36}
							height={36}
						/>
					))}
				</g>
				<text x={262} y={160}>
					one of {filters} filters:
				</text>
				<text x={262} y={178}>
					{channels} × {kernel} × {kernel} weights
				</text>
				{Array.from({ length: out }, (_, i) => out - 1 - i).map((map) => (
					<rect
						key={map}
						class="kernel-bench-sheet is-out"
						x={420 + (78 * map) / MOST_SHEETS}
						y={66 - (48 * map) / MOST_SHEETS}
						width={130}
						height={130}
					/>
				))}
				<rect class="kernel-bench-frame" x={490} y={118} width={10} height={10} />
				<text x={420} y={218}>
					{filters} × {side} × {side}
					{filters > out ? ` (${out} drawn)` : ""}
				</text>
			</svg>
		</figure>
	);
}

function told(channels: number, filters: number, kernel: number, side: number): string {
	return `${channels} channels of ${side} by ${side} pixels; ${filters} filters, each with ${channels} kernels of ${kernel} by ${kernel}; ${filters} maps`;
}
