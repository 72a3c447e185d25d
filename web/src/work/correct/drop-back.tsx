// Corrected label images are dropped here: which belong to which image, what is wrong with them, and what to do next.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { go, link } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem } from "../../page/server.ts";
import { followJobs, jobs } from "../jobs/store.ts";
import { wholeJob } from "../lab.ts";
import { count, moment } from "../words.ts";
import {
	choose,
	coming,
	corrections,
	list,
	marksUnknown,
	prediction,
	refused,
	sendAll,
	sent,
} from "./corrections.ts";

export function DropBack({ job }: { readonly job: string }) {
	const model = useSignal("");
	useEffect(followJobs, []);
	useEffect(() => {
		choose(job);
		model.value = "";
		if (!job) return;
		void list();
		wholeJob(job)
			.then((whole) => {
				if (prediction.peek() === job) model.value = whole.asked_model ?? "";
			})
			.catch((error) => {
				refused.value = asProblem(error);
			});
	}, [job, model]);
	const predictions = (jobs.value ?? []).filter(
		(each) => each.kind === "predict" && (each.state === "done" || each.state === "stopped"),
	);
	return (
		<section class="work-panel" aria-labelledby="drop-back">
			<h2 id="drop-back">Drop them back</h2>
			<div class="work-field">
				<label>
					<span>Prediction</span>
					<select value={job} onChange={(event) => go(`work/correct/${event.currentTarget.value}`)}>
						<option value="">choose the one that you corrected</option>
						{predictions.map((each) => (
							<option key={each.id} value={each.id}>
								{each.title}, {moment(each.created)}
							</option>
						))}
					</select>
				</label>
			</div>
			{jobs.value && predictions.length === 0 && (
				<p class="soft">
					There is no prediction yet. <a href={link("work/predict")}>Predict some images</a> first.
				</p>
			)}
			{refused.value && <ProblemNote problem={refused.value} />}
			{job && corrections.value && <Files />}
			{job && corrections.value && <Next source={model.value} />}
		</section>
	);
}

function Files() {
	const there = corrections.value;
	if (!there) return null;
	return (
		<>
			<label class="toggle">
				<input
					type="checkbox"
					checked={marksUnknown.value}
					onChange={(event) => {
						marksUnknown.value = event.currentTarget.checked;
					}}
				/>
				Pixels with the number 65535 are ones nobody looked at: they teach nothing
			</label>
			<div class="work-drop">
				<p>
					Drop corrected label images on this page, or{" "}
					<label class="button">
						{coming.value ? `reading ${coming.value} …` : "open them …"}
						<input
							class="for-readers"
							type="file"
							multiple
							accept=".tif,.tiff,.png"
							aria-label="open corrected label images"
							onChange={(event) => {
								void sendAll([...(event.currentTarget.files ?? [])]);
								event.currentTarget.value = "";
							}}
						/>
					</label>
				</p>
				<p class="soft small">
					Each is known by its name: <code>{there.images[0]}_labels.tif</code> belongs to the image{" "}
					<code>{there.images[0]}</code>. A file that is dropped again replaces the earlier one.
				</p>
			</div>
			<ul class="correct-files" aria-label="Dropped files">
				{sent.value.map((each) => (
					<li key={each.file}>
						<span class="correct-name">
							<span aria-hidden="true">{each.taken ? "✓" : "✗"}</span> {each.file}
						</span>
						{each.taken && (
							<span class="soft small">
								belongs to {each.taken.image}: {count(each.taken.objects, "object")}
								{each.taken.unknown > 0 && `, ${(each.taken.unknown * 100).toFixed(1)} % not looked at`}
								{each.taken.marked &&
									". It holds 65535, taken for an object: tick the box above if nobody looked at those pixels, and drop it again."}
							</span>
						)}
						{each.problem && <ProblemNote problem={each.problem} />}
					</li>
				))}
			</ul>
			<p role="status">
				<span data-read="taken">{there.taken.length}</span> of {count(there.images.length, "image")} corrected
				{there.taken.length > 0 && there.taken.length < there.images.length && "; the others are left out"}.
			</p>
		</>
	);
}

function Next({ source }: { readonly source: string }) {
	const there = corrections.value;
	if (!there || there.taken.length === 0) return null;
	const data: [string, string] = ["data", `${there.data.root}:${there.data.path}`];
	return (
		<div class="work-actions">
			<a class="button" href={link("work/check", [data])}>
				Check them
			</a>
			<a class="button is-main" href={link("work/train", [data, ["source", source]])}>
				Train with them
			</a>
			<span class="soft small">
				They lie in <code>{there.data.path}</code>, made in the lab.
			</span>
		</div>
	);
}
