// The largest difference over the halo: it falls, and then it is exactly 0.

import { Chart } from "../../parts/chart.tsx";
import { small, tenTo } from "../../parts/said.ts";
import { HALOS, MOST_HALO, type View } from "./view.ts";

const LEAST = 1e-8; // where exactly nothing is drawn

export function SeamCurve({ view }: { readonly view: View }) {
	const points = view.curve.value;
	const here = points.find(([halo]) => halo === view.halo.value);
	return (
		<Chart
			label={`Largest difference by halo: ${points.map(([halo, seam]) => `${halo}: ${small(seam)}`).join(", ")}`}
			x={{ title: "halo, pixels", low: 0, high: MOST_HALO, ticks: HALOS }}
			y={{
				title: "largest difference, of the answer's spread",
				low: LEAST,
				high: 10,
				ticks: [LEAST, 1e-6, 1e-4, 1e-2, 1],
				isLog: true,
				say: (seam) => (seam === LEAST ? "0" : seam === 1 ? "1" : tenTo(Math.log10(seam))),
			}}
			lines={[{ name: "largest difference", tone: "main", points, hasDots: true }]}
		>
			{({ x, y }) => here && <circle class="chart-here" cx={x(here[0])} cy={y(here[1])} r={6} />}
		</Chart>
	);
}
