// The kernels of the first layer of a net that was really trained; a press puts one on the bench.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { colour } from "../../parts/colour-maps.ts";
import { Choice } from "../../parts/controls.tsx";
import type { Tensor } from "../../tensor.ts";

/** The answer to the question "kernels". */
interface Kernels {
	/** (filters, side, side) of the first channel. */
	readonly weights: Tensor<Float32Array>;
	readonly stride: number;
}

interface NetKernelsProps {
	readonly bench: Bench;
	readonly use: (kernel: readonly number[], stride: number) => void;
}

export function NetKernels({ bench, use }: NetKernelsProps) {
	const model = useMemo(() => bench.state.choice("model", ["nuclei-unet", "nuclei"], "nuclei-unet"), [bench]);
	const kernels = useSignal<Kernels | null>(null);
	const problem = useSignal("");
	const name = model.value;
	const learned = kernels.value;
	useEffect(() => {
		const abort = new AbortController();
		bench
			.ask<Kernels>("kernels", { model: name }, abort.signal)
			.then((answer) => {
				problem.value = "";
				kernels.value = answer;
			})
			.catch((error: unknown) => {
				if (!abort.signal.aborted) problem.value = String(error);
			});
		return () => abort.abort();
	}, [bench, name, kernels, problem]);
	return (
		<section class="kernel-bench-nets" aria-label="Kernels of a trained net">
			<h2>Kernels that a net has learned</h2>
			<p class="soft">
				Nobody chose these: they are the first layer of a net that finds nuclei. Purple weights are negative,
				orange ones positive. Press a kernel to try it on the image, with the stride that the net gives it.
			</p>
			<Choice
				label="Net"
				value={model}
				options={[
					["nuclei-unet", "nuclei-unet"],
					["nuclei", "nuclei"],
				]}
			/>
			<p class="small soft" role="status">
				{learned ? described(learned) : "reading …"}
			</p>
			{problem.value && <p class="problem">{problem.value}</p>}
			<div class="kernel-bench-tiles">
				{learned &&
					tiles(learned).map((weights, number) => (
						<button
							key={`${name} ${number}`}
							type="button"
							aria-label={`put kernel ${number + 1} of ${name} on the bench`}
							onClick={() => use(weights.map(rounded), learned.stride)}
						>
							<Tile weights={weights} />
						</button>
					))}
			</div>
		</section>
	);
}

function described({ weights, stride }: Kernels): string {
	const [filters = 0, side = 0] = weights.shape;
	return `${filters} kernels of ${side} × ${side}, stride ${stride}`;
}

function rounded(weight: number): number {
	return Math.round(weight * 1000) / 1000;
}

function tiles({ weights }: Kernels): number[][] {
	const [filters = 0, side = 0] = weights.shape;
	return Array.from({ length: filters }, (_, filter) => [
		...weights.data.subarray(filter * side * side, (filter + 1) * side * side),
	]);
}

function Tile({ weights }: { readonly weights: readonly number[] }) {
	const side = Math.sqrt(weights.length);
	const most = Math.max(...weights.map(Math.abs), 1e-6);
	return (
		<svg viewBox={`0 0 ${side} ${side}`} aria-hidden="true">
			{weights.map((weight, i) => (
				<rect
					key={i}
					x={i % side}
					y={Math.floor(i / side)}
					width={1.02}
					height={1.02}
					fill={colour(weight, -most, most, "signed")}
				/>
			))}
		</svg>
	);
}
