// What two layers cost, as bars over powers of ten.

import type { Costs } from "./counts.ts";
import { said } from "./said.ts";

const LONGEST = 15; // powers of ten: more than the largest layer that can be set
const TICKS = ["1", "thousand", "million", "billion", "trillion"]; // three powers of ten apart

interface BarsProps {
	readonly shared: Costs;
	readonly full: Costs;
}

/** Parameters and multiply-adds of a convolution and of a fully connected layer. */
export function Bars({ shared, full }: BarsProps) {
	return (
		<div class="kernel-bench-bars">
			<dl>
				<Bar label="parameters, convolution" name="parameters-conv" value={shared.parameters} />
				<Bar label="parameters, fully connected" name="parameters-full" value={full.parameters} isFull />
				<Bar label="multiply-adds, convolution" name="multiply-adds-conv" value={shared.multiplyAdds} />
				<Bar
					label="multiply-adds, fully connected"
					name="multiply-adds-full"
					value={full.multiplyAdds}
					isFull
				/>
			</dl>
			<div class="kernel-bench-ticks" aria-hidden="true">
				{TICKS.map((tick) => (
					<span key={tick}>{tick}</span>
				))}
			</div>
			<p class="small soft">
				The scale goes in powers of ten: each line is a thousand times the one before it. The fully connected
				layer needs <span data-read="times">{said(Math.round(full.parameters / shared.parameters))}</span>{" "}
				times as many parameters.
			</p>
		</div>
	);
}

interface BarProps {
	readonly label: string;
	readonly name: string;
	readonly value: number;
	readonly isFull?: boolean;
}

function Bar({ label, name, value, isFull }: BarProps) {
	return (
		<div>
			<dt>{label}</dt>
			<dd data-read={name}>{said(value)}</dd>
			<dd class="kernel-bench-track" aria-hidden="true">
				<span
					class={isFull ? "kernel-bench-bar is-full" : "kernel-bench-bar"}
					style={{ width: `${(100 * Math.log10(value)) / LONGEST}%` }}
				/>
			</dd>
		</div>
	);
}
