// Thresholds as sliders: objects are decided again without asking the net.

import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button, Slider } from "../../parts/controls.tsx";
import type { Threshold } from "./thresholds.ts";

interface ThresholdsProps {
	readonly thresholds: readonly Threshold[];
	readonly values: Readonly<Record<string, Signal<number>>>;
	/** A hand has moved one of them. */
	readonly onMove: () => void;
	readonly onExport: () => void;
}

export function Thresholds({ thresholds, values, onMove, onExport }: ThresholdsProps) {
	useEffect(() => {
		const leave = Object.values(values).map((value) => {
			let isFirst = true;
			return value.subscribe(() => {
				if (!isFirst) onMove();
				isFirst = false;
			});
		});
		return () => {
			for (const each of leave) each();
		};
	}, [values]);
	return (
		<section class="look-thresholds" aria-labelledby="look-thresholds">
			<h2 id="look-thresholds">Decide again</h2>
			<p class="soft small">The net is not asked again: what it said is only read with other thresholds.</p>
			{thresholds.map(
				({ name, label, about, min, max, step }) =>
					values[name] && (
						<div key={name} data-setting={name}>
							<Slider
								label={label}
								value={values[name]}
								min={min}
								max={max}
								step={step}
								say={(value) => (step < 1 ? value.toFixed(2) : String(value))}
							/>
							<p class="soft small">{about}</p>
						</div>
					),
			)}
			<div class="work-actions">
				<Button onClick={onExport}>Write all images with these</Button>
			</div>
		</section>
	);
}
