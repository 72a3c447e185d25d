// What the image cannot tell: directions in which the weights can change without any change of what comes out.

import { Raster } from "../../parts/raster.tsx";
import { many } from "./curve.tsx";
import { stepsToLearn } from "./learning.ts";
import { openDirections } from "./patches.ts";
import type { View } from "./view.ts";

export function Untold({ view }: { readonly view: View }) {
	const { directions } = view.lesson.value;
	const open = openDirections(directions);
	return (
		<section class="screen">
			<h2>
				What this image cannot tell: <span data-read="open">{open}</span> of 9 directions
			</h2>
			<p class="small">
				Nine weights can be changed in nine directions that do not depend on each other. Each is drawn as a
				kernel; below it, how many steps of learning bring an error in that direction down to a hundredth.{" "}
				{open > 0
					? "In an open direction the output does not change, so the gradient is 0: what the weights began with stays, whatever the loss says and however long one trains."
					: "This image tells all nine. Fine ones show little, and are learned late."}
			</p>
			<ol class="teach-the-kernel-directions">
				{directions.vectors.map((vector, i) => {
					const isOpen = i >= 9 - open;
					const steps = stepsToLearn(directions, i, isOpen);
					return (
						<li key={String(i)} class={isOpen ? "is-open" : undefined}>
							<Raster
								label={`direction ${i + 1}, signed`}
								height={3}
								width={3}
								values={vector}
								low={-0.7}
								high={0.7}
								map="signed"
							/>
							<span class="small">{isOpen ? "open: never" : said(steps)}</span>
						</li>
					);
				})}
			</ol>
		</section>
	);
}

function said(steps: number): string {
	if (steps >= 1e6) return "over a million";
	const digits = 10 ** Math.max(0, Math.floor(Math.log10(steps)) - 1);
	return `${many(Math.ceil(steps / digits) * digits)} ${steps === 1 ? "step" : "steps"}`;
}
