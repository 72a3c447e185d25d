// Which sizes go through a net that halves three times.

import type { Signal } from "@preact/signals";
import { DEPTH } from "./answers.ts";
import { halving } from "./halving.ts";
import { LARGEST_SIDE, type View } from "./view.ts";

export function SizeGate({ view }: { readonly view: View }) {
	const { sides, stopsAt, below, above } = halving(view.tall.value, view.wide.value, DEPTH);
	return (
		<section class="cut-the-wire-lesson">
			<h2>Which sizes go through?</h2>
			<div class="cut-the-wire-size">
				<Side label="height" value={view.tall} />
				<span>×</span>
				<Side label="width" value={view.wide} />
			</div>
			<ol class="cut-the-wire-halves">
				{sides.map(([tall, wide], level) => (
					<li key={2 ** level} class={stopsAt === level ? "is-stop" : ""}>
						<strong>
							{tall} × {wide}
						</strong>{" "}
						{stopsAt === level
							? `✗ half of ${tall % 2 ? tall : wide} is no whole pixel`
							: level < DEPTH
								? "halves"
								: "✓ the bottom"}
					</li>
				))}
			</ol>
			<p class="small" role="status" data-read="gate">
				{stopsAt === null
					? `${view.tall.value} × ${view.wide.value} goes through unchanged.`
					: `Stops at level ${stopsAt + 1}. The nearest that go through: ${below.join(" × ")} and ${above.join(" × ")}.`}
			</p>
			<p class="small soft">
				On the way up the odd pixel would be missing, and the maps would not fit their skip. convivo makes a
				picture longer by mirroring its edge, and cuts the answer back.
			</p>
		</section>
	);
}

function Side({ label, value }: { readonly label: string; readonly value: Signal<number> }) {
	return (
		<label>
			<span class="small soft">{label}</span>
			<input
				type="number"
				min={1}
				max={LARGEST_SIDE}
				value={value.value}
				onInput={(event) => {
					const typed = Math.round(event.currentTarget.valueAsNumber);
					if (typed >= 1 && typed <= LARGEST_SIDE) value.value = typed;
				}}
			/>
		</label>
	);
}
