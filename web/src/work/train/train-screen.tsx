// Order a training: data, a check of it, the method, the time.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { address, go } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import { Button, Slider } from "../../parts/controls.tsx";
import { CheckHere } from "../check/check-here.tsx";
import { type Method, type Model, models, order, type Place } from "../lab.ts";
import { ModelChoice } from "../model-choice.tsx";
import { FolderList } from "../places/folder-list.tsx";
import { dataInAddress } from "../places/in-address.ts";
import { Practice } from "./practice.tsx";

const WAYS: readonly (readonly [Method, string, string])[] = [
	[
		"stardist",
		"StarDist",
		"Finds roundish objects, such as nuclei, also in crowds. Learns from images and masks.",
	],
	["unet", "U-Net", "Finds objects of any shape, and parts them by a border. Learns from images and masks."],
	[
		"care",
		"CARE",
		"Restores dim or blurred images. Learns from pairs of a bad and a good image of the same field.",
	],
	["n2v", "Noise2Void", "Takes noise away. Learns from noisy images alone."],
];

/** Places on a slider of minutes: close together where a minute counts. */
const MINUTES = [1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60, 90, 120, 240, 480];

export function TrainScreen() {
	const data = useSignal<readonly Place[]>(dataInAddress());
	const method = useSignal<Method>("stardist");
	const minutesAt = useSignal(3);
	const name = useSignal("my-model");
	const source = useSignal(new Map(address.peek().values).get("source") ?? "");
	const known = useSignal<readonly Model[]>([]);
	const problem = useSignal<Problem | null>(null);
	const isBusy = useSignal(false);
	const made = useSignal(0);
	useEffect(() => {
		models()
			.then((found) => {
				known.value = found;
				const from = found.find((each) => each.id === source.peek());
				if (from) method.value = from.method;
				else source.value = "";
				name.value = free(name.peek(), found);
			})
			.catch((error) => {
				problem.value = asProblem(error);
			});
	}, [known, method, name, problem, source]);
	const place = data.value[0];
	const start = async () => {
		isBusy.value = true;
		try {
			const asked = {
				type: "train",
				method: method.value,
				data: place,
				name: name.value,
				minutes: MINUTES[minutesAt.value],
			};
			const job = await order(source.value ? { ...asked, source: source.value } : asked);
			go(`work/jobs/${job.id}`);
		} catch (error) {
			problem.value = asProblem(error);
		}
		isBusy.value = false;
	};
	return (
		<div class="screen">
			<header>
				<h1>Train</h1>
				<p class="soft">
					Teach a net with your own images. It goes on while this page is closed, and can be stopped at any
					time.
				</p>
			</header>
			<div class="work-split">
				<section class="work-step" aria-labelledby="train-data">
					<h2 id="train-data">1. Data</h2>
					<p class="soft small">
						A folder with <code>images</code> and <code>masks</code> (files of the same names), for CARE with{" "}
						<code>low</code> and <code>high</code>, for Noise2Void any folder of images.
					</p>
					<FolderList
						label="Data to train on"
						chosen={data}
						wants="folder"
						suits={(kind) => kind === "data" || (kind === "folder" && method.value === "n2v")}
						again={made.value}
					/>
					<Practice
						onMade={(where) => {
							data.value = [where];
							made.value++;
						}}
					/>
				</section>
				<div class="work-step">
					<section class="work-step" aria-labelledby="train-check">
						<h2 id="train-check">2. Check it first</h2>
						<CheckHere data={place} method={method.value} />
					</section>
					<section class="work-step" aria-labelledby="train-method">
						<h2 id="train-method">3. How</h2>
						<fieldset class="work-ways">
							<legend class="for-readers">Method</legend>
							{WAYS.map(([way, called, about]) => (
								<label key={way}>
									<input
										type="radio"
										name="method"
										checked={method.value === way}
										onChange={() => {
											method.value = way;
											if (!known.value.some((each) => each.id === source.value && each.method === way))
												source.value = "";
										}}
									/>
									<span>
										<strong>{called}</strong>
										<span class="soft small"> {about}</span>
									</span>
								</label>
							))}
						</fieldset>
						<ModelChoice
							label="Begin with"
							models={known.value.filter((each) => each.method === method.value)}
							value={source}
							none="nothing: learn from the start"
						/>
						<Slider
							label="Time"
							value={minutesAt}
							min={0}
							max={MINUTES.length - 1}
							step={1}
							say={(at) => `${MINUTES[at]} min`}
						/>
						<label class="work-field">
							<span>Name of the model</span>
							<input
								type="text"
								value={name.value}
								onInput={(event) => {
									name.value = event.currentTarget.value;
								}}
							/>
						</label>
						<div class="work-start">
							<Button
								isMain
								isDisabled={!place || !name.value.trim() || isBusy.value}
								onClick={() => void start()}
							>
								Train
							</Button>
							<p class="soft small" role="status">
								{place
									? `On ${place.path || "the whole folder"}.`
									: "Choose a data folder first, or make practice data."}
							</p>
						</div>
						{problem.value && <ProblemNote problem={problem.value} />}
					</section>
				</div>
			</div>
		</div>
	);
}

/** The name, or the first like it that no model of the lab has. */
function free(name: string, known: readonly Model[]): string {
	const taken = new Set(known.filter((each) => each.origin === "lab").map((each) => each.name));
	for (let number = 1; ; number++) {
		const tried = number === 1 ? name : `${name}-${number}`;
		if (!taken.has(tried)) return tried;
	}
}
