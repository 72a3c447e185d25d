// Choose a model: by where it comes from, with what is known of it.

import type { Signal } from "@preact/signals";
import type { Model } from "./lab.ts";
import { METHODS } from "./words.ts";

const ORIGINS: Record<Model["origin"], string> = {
	shipped: "Shipped with convivo",
	own: "Yours",
	lab: "Made in the lab",
	folder: "In your folders",
};

interface ModelChoiceProps {
	readonly label: string;
	readonly models: readonly Model[];
	/** Its ID. */
	readonly value: Signal<string>;
	/** What stands for no model; without it one has to be chosen. */
	readonly none?: string;
}

export function ModelChoice({ label, models, value, none }: ModelChoiceProps) {
	const chosen = models.find((each) => each.id === value.value);
	return (
		<div class="work-field">
			<label>
				<span>{label}</span>
				<select
					value={value.value}
					onChange={(event) => {
						value.value = event.currentTarget.value;
					}}
				>
					{none !== undefined && <option value="">{none}</option>}
					{(Object.keys(ORIGINS) as Model["origin"][]).map((origin) => {
						const here = models.filter((each) => each.origin === origin);
						return (
							here.length > 0 && (
								<optgroup key={origin} label={ORIGINS[origin]}>
									{here.map((each) => (
										<option key={each.id} value={each.id}>
											{each.name} ({METHODS[each.method]})
										</option>
									))}
								</optgroup>
							)
						);
					})}
				</select>
			</label>
			{chosen && <p class="soft small">{about(chosen)}</p>}
		</div>
	);
}

function about(model: Model): string {
	const does = model.finds === "objects" ? "Finds objects" : "Restores images";
	return [`${does}, with ${METHODS[model.method]}.`, score(model), model.about ?? ""]
		.filter(Boolean)
		.join(" ");
}

function score(model: Model): string {
	const on =
		model.scored_on === "test"
			? "images kept apart from its training"
			: "images that helped to choose it, which is optimistic";
	if (model.accuracy !== null) return `Accuracy ${model.accuracy.toFixed(2)} (IoU 0.5) on ${on}.`;
	if (model.decibels !== null) return `${model.decibels.toFixed(1)} dB on ${on}.`;
	return "";
}
