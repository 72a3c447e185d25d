// What a cut did, in a line that stays in sight while the arrows are: the answers themselves stand below the net.

import { Button } from "../../parts/controls.tsx";
import type { Answer } from "./answers.ts";
import { levelsOf, type Wiring } from "./wirings.ts";

interface ToldProps {
	readonly wiring: Wiring;
	readonly whole: Answer | undefined;
	readonly cut: Answer | undefined;
	/** Whether numbers wait for a prediction. */
	readonly isHidden: boolean;
}

export function Told({ wiring, whole, cut, isHidden }: ToldProps) {
	const levels = levelsOf(wiring).map((level) => level + 1);
	return (
		<div class="cut-the-wire-told">
			<p role="status">
				<strong>{levels.length === 0 ? "No skip is cut." : `Cut: level ${levels.join(", ")}.`}</strong>{" "}
				{!whole
					? "The nets are asked …"
					: levels.length === 0
						? "Click on an arrow."
						: isHidden
							? "What changes?"
							: change(whole, cut)}
			</p>
			<Button
				onClick={() => {
					const place = document.getElementById("cut-the-wire-answers");
					place?.scrollIntoView();
					place?.focus({ preventScroll: true });
				}}
			>
				{isHidden ? "Predict it ↓" : "See the answers ↓"}
			</Button>
		</div>
	);
}

function change(whole: Answer, cut: Answer | undefined): string {
	if (!cut) return "The net is asked …";
	const found = `Nuclei found: ${whole.found} → ${cut.found}`;
	const before = whole.judged?.off;
	const after = cut.judged?.off;
	if (before == null || after == null) return `${found}.`;
	return `${found}; outlines off by ${before.toFixed(2)} → ${after.toFixed(2)} px.`;
}
