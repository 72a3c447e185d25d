// What the lines of a drawing mean.

import type { ComponentChildren } from "preact";

/** A short piece of a line, as it is drawn in a picture. */
export function Sample({ children }: { readonly children: ComponentChildren }) {
	return (
		<svg class="star-bench-sample" viewBox="0 0 24 12" aria-hidden="true">
			{children}
		</svg>
	);
}

function Line({ kind, said }: { readonly kind: string; readonly said: string }) {
	return (
		<li>
			<Sample>
				<path class={kind} d="M1 6h22" />
			</Sample>
			{said}
		</li>
	);
}

/** The lines on a shape. */
export function ShapeLegend() {
	return (
		<ul class="star-bench-legend">
			<Line kind="star-bench-shape" said="the shape" />
			<Line kind="star-bench-star" said="the star" />
			<li>
				<Sample>
					<path class="star-bench-lost-key" d="M2 12L12 0M8 12L18 0M14 12L24 0" />
				</Sample>
				not covered
			</li>
			<Line kind="star-bench-beyond-key" said="beyond the shape" />
		</ul>
	);
}

/** The lines in a crowd. */
export function CrowdLegend(props: {
	readonly hasTruth: boolean;
	/** Whether all have spoken, so that objects are judged. */
	readonly isEnd: boolean;
	/** Whether candidates are left out. */
	readonly isPlain?: boolean;
}) {
	const { hasTruth, isEnd, isPlain } = props;
	return (
		<ul class="star-bench-legend">
			{isEnd && hasTruth ? (
				<>
					<Line kind="star-bench-right" said="right" />
					<Line kind="star-bench-wrong" said="wrong" />
					<li>
						<Sample>
							<path class="star-bench-missed" d="M7 1l10 10M17 1l-10 10" />
						</Sample>
						missed
					</li>
				</>
			) : (
				<Line kind="star-bench-star" said="stays" />
			)}
			{!isEnd && (
				<>
					<Line kind="star-bench-now" said="speaks now" />
					<Line kind="star-bench-gone" said="suppressed by it" />
				</>
			)}
			{!isPlain && <Centres />}
		</ul>
	);
}

function Centres() {
	return (
		<li>
			<Sample>
				<circle class="star-bench-open" cx="6" cy="6" r="2.5" />
				<circle class="star-bench-dropped" cx="17" cy="6" r="2.5" />
			</Sample>
			centre of a candidate: open, suppressed
		</li>
	);
}
