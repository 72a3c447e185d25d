// What the learner sees of the patches: two numbers each. Patches of an image lie close together.

import type { View } from "./view.ts";

const SIZE = 320;
const REACH = 3.6; // of the features that are drawn, to each side

export function Features({ view }: { readonly view: View }) {
	const patches = view.patches.value;
	const sets = view.sets.value;
	const place = (feature: number) => {
		const within = Math.max(-REACH, Math.min(REACH, feature));
		return (SIZE * (within + REACH)) / (2 * REACH);
	};
	return (
		<figure class="split-machine-features">
			<svg
				viewBox={`0 0 ${SIZE} ${SIZE}`}
				role="img"
				aria-label="The patches by their two features: those of one image lie close together."
			>
				{patches.map(({ at, treated }, i) => (
					<path
						key={String(i)}
						class={`is-${sets[i]} ${treated ? "is-treated" : "is-control"}`}
						d={treated ? SQUARE : CIRCLE}
						transform={`translate(${place(at[0]).toFixed(1)} ${(SIZE - place(at[1])).toFixed(1)})`}
					/>
				))}
			</svg>
			<figcaption class="small soft">
				What the learner sees of each patch: two numbers. Round: control; square: treated. Filled: it learns
				from them; open: validation and test. Six patches of an image lie together.
			</figcaption>
		</figure>
	);
}

const CIRCLE = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z";
const SQUARE = "M-3.5 -3.5h7v7h-7z";
