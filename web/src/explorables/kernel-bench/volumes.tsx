// A layer as volumes: the channels that come in, the kernels of one filter through all of them, the maps that go out.

import type { ComponentChildren } from "preact";
import type { Stack } from "./counts.ts";

const MOST_SHEETS = 12; // maps that are drawn one by one
const SHEET = 96; // side of what stands for an image
const CELL = 13; // side of what stands for a weight
const STEP = { x: 16, y: 12 }; // from one channel to the one behind it

export function Volumes({
	channels,
	filters,
	kernel,
	side,
	names,
}: Stack & { readonly names: readonly string[] }) {
	return (
		<div class="kernel-bench-volumes">
			<figure>
				<Channels channels={channels} size={SHEET}>
					<rect class="kernel-bench-frame is-edge" x={48} y={34} width={4 * kernel} height={4 * kernel} />
					<rect class="kernel-bench-frame" x={48} y={34} width={4 * kernel} height={4 * kernel} />
				</Channels>
				<figcaption>
					in:{" "}
					<span>
						{channels} × {side} × {side}
					</span>
					<br />
					<small class="soft">{names.slice(0, channels).join(", ")}</small>
				</figcaption>
			</figure>
			<span aria-hidden="true">→</span>
			<figure>
				<Channels channels={channels} size={CELL * kernel}>
					<path class="kernel-bench-cells" d={cells(kernel)} />
				</Channels>
				<figcaption>
					each filter:{" "}
					<span>
						{channels} × {kernel} × {kernel}
					</span>
					<br />
					<small class="soft">weights, and a bias</small>
				</figcaption>
			</figure>
			<span aria-hidden="true">→</span>
			<figure>
				<Maps filters={filters} />
				<figcaption>
					out:{" "}
					<span>
						{filters} × {side} × {side}
					</span>
					<br />
					<small class="soft">a map for each filter{filters > MOST_SHEETS && `; ${MOST_SHEETS} drawn`}</small>
				</figcaption>
			</figure>
		</div>
	);
}

interface ChannelsProps {
	readonly channels: number;
	readonly size: number;
	/** What is drawn on the sheet of each channel. */
	readonly children: ComponentChildren;
}

/** A sheet for each channel, the first in front. */
function Channels({ channels, size, children }: ChannelsProps) {
	const back = Array.from({ length: channels }, (_, i) => channels - 1 - i);
	return (
		<svg viewBox="0 0 132 124" aria-hidden="true">
			<g transform={`translate(${(SHEET - size) / 2} ${(SHEET - size) / 2})`}>
				{back.map((channel) => (
					<g key={channel} transform={`translate(${1 + STEP.x * channel} ${1 + STEP.y * (2 - channel)})`}>
						<rect class={`kernel-bench-sheet is-${channel}`} width={size} height={size} />
						{children}
					</g>
				))}
			</g>
		</svg>
	);
}

/** A sheet for each map, the first in front. */
function Maps({ filters }: { readonly filters: number }) {
	const drawn = Math.min(filters, MOST_SHEETS);
	const back = Array.from({ length: drawn }, (_, i) => drawn - 1 - i);
	return (
		<svg viewBox="0 0 132 124" aria-hidden="true">
			{back.map((map) => (
				<rect
					key={map}
					class="kernel-bench-sheet is-out"
					x={1 + (33 * map) / MOST_SHEETS}
					y={25 - (24 * map) / MOST_SHEETS}
					width={SHEET}
					height={SHEET}
				/>
			))}
			<rect class="kernel-bench-frame" x={52} y={66} width={4} height={4} />
		</svg>
	);
}

/** The lines between the weights of a kernel. */
function cells(kernel: number): string {
	const size = CELL * kernel;
	return Array.from({ length: kernel - 1 }, (_, i) => CELL * (i + 1))
		.map((at) => `M ${at} 0 V ${size} M 0 ${at} H ${size}`)
		.join(" ");
}
