// Order a prediction: images, a model, and the options that matter.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { address, go } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import { Button } from "../../parts/controls.tsx";
import { type Model, models, order, type Place } from "../lab.ts";
import { ModelChoice } from "../model-choice.tsx";
import { chosenDrops } from "../places/dropped.ts";
import { Drops } from "../places/drops.tsx";
import { FolderList } from "../places/folder-list.tsx";
import { PredictOptions, usePredictOptions } from "./predict-options.tsx";

export function PredictScreen() {
	const places = useSignal<readonly Place[]>([]);
	const dropped = chosenDrops;
	const known = useSignal<readonly Model[]>([]);
	const model = useSignal(new Map(address.peek().values).get("model") ?? "");
	const problem = useSignal<Problem | null>(null);
	const isBusy = useSignal(false);
	const options = usePredictOptions();
	useEffect(() => {
		models()
			.then((found) => {
				known.value = found;
				if (!found.some((each) => each.id === model.peek())) model.value = found[0]?.id ?? "";
			})
			.catch((error) => {
				problem.value = asProblem(error);
			});
	}, [known, model, problem]);
	const chosen = places.value.length + dropped.value.length;
	const start = async () => {
		isBusy.value = true;
		try {
			const images = [...places.value, ...dropped.value];
			const job = await order({ type: "predict", images, model: model.value, ...options.said() });
			go(`work/jobs/${job.id}`);
		} catch (error) {
			problem.value = asProblem(error);
		}
		isBusy.value = false;
	};
	return (
		<div class="screen">
			<header>
				<h1>Predict</h1>
				<p class="soft">
					Find the objects in your images, or restore them. The images themselves are never changed.
				</p>
			</header>
			<div class="work-split">
				<section class="work-step" aria-labelledby="predict-images">
					<h2 id="predict-images">Images</h2>
					<FolderList label="Images in folders" chosen={places} wants="images" suits={() => false} />
					<Drops />
				</section>
				<section class="work-step" aria-labelledby="predict-model">
					<h2 id="predict-model">Model</h2>
					<ModelChoice label="Model" models={known.value} value={model} />
					<PredictOptions options={options} model={known.value.find((each) => each.id === model.value)} />
					<div class="work-start">
						<Button
							isMain
							isDisabled={chosen === 0 || !model.value || isBusy.value}
							onClick={() => void start()}
						>
							Predict
						</Button>
						<p class="soft small" role="status">
							{chosen === 0
								? "Choose an image or a folder first."
								: `Chosen: ${said(places.value, dropped.value.length)}.`}
						</p>
					</div>
					{problem.value && <ProblemNote problem={problem.value} />}
				</section>
			</div>
		</div>
	);
}

const MOST = 4; // names that are said one by one

function said(places: readonly Place[], dropped: number): string {
	const names = places.map((each) => each.path.split("/").at(-1) || "the whole folder");
	const told = names.length > MOST ? [...names.slice(0, MOST), `${names.length - MOST} more`] : names;
	return [...told, ...(dropped > 0 ? [`${dropped} dropped`] : [])].join(", ");
}
