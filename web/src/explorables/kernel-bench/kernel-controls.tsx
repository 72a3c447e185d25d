// The kernel: its weights, presets, its side, and the lock of its sum.

import { Button, Choice } from "../../parts/controls.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { resized, sideOf, sumOf } from "./convolution.ts";
import { PRESETS, presetOf } from "./presets.ts";
import { short, type View } from "./view.ts";
import { Weights } from "./weights.tsx";

export function KernelControls({ view }: { readonly view: View }) {
	const kernel = view.kernel.value;
	const side = sideOf(kernel);
	const preset = presetOf(kernel);
	return (
		<div class="screen-controls">
			<Weights view={view} />
			<div class="kernel-bench-presets">
				{PRESETS.map((each) => (
					<Button
						key={each.name}
						isPressed={each === preset}
						onClick={() => view.setKernel(resized(each.weights, side))}
					>
						{each.name}
					</Button>
				))}
				<Button onClick={() => view.setKernel(kernel.map(() => Math.round(20 * Math.random() - 10) / 10))}>
					Random
				</Button>
			</div>
			<p class="small soft kernel-bench-about" role="status">
				{preset?.about ?? "Weights of your own."}
			</p>
			<div class="kernel-bench-side">
				<fieldset class="choice">
					<legend>Side</legend>
					<div class="choice-options">
						{[3, 5].map((each) => (
							<label key={each}>
								<input
									type="radio"
									name="kernel-bench-side"
									checked={side === each}
									onChange={() => view.setKernel(resized(kernel, each))}
								/>
								{each} × {each}
							</label>
						))}
					</div>
				</fieldset>
				<ReadOuts>
					<ReadOut label="sum of the weights" name="weights">
						{short(sumOf(kernel))}
					</ReadOut>
				</ReadOuts>
			</div>
			<Choice
				label="Keep their sum at"
				value={view.sum}
				options={[
					["free", "any"],
					["0", "0"],
					["1", "1"],
				]}
			/>
		</div>
	);
}
