// What came of a prediction: its images, and a look at one of them.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { address, go, link } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import { LevelMark, worst } from "../findings.tsx";
import {
	type Happened,
	order,
	type PredictedImage,
	predictedImages,
	type Told,
	type WholeJob,
} from "../lab.ts";
import { Look } from "../look/look.tsx";
import { grouped } from "../words.ts";

type Through = Extract<Told, { readonly type: "ImageDone" | "ImageFailed" }>;

export function Results({
	whole,
	happened,
}: {
	readonly whole: WholeJob;
	readonly happened: readonly Happened[];
}) {
	const { job } = whole;
	const images = useSignal<readonly PredictedImage[]>([]);
	const problem = useSignal<Problem | null>(null);
	useEffect(() => {
		predictedImages(job.id)
			.then((found) => {
				images.value = found;
			})
			.catch((error) => {
				problem.value = asProblem(error);
			});
	}, [job.id, images, problem]);
	const through = happened
		.map((each) => each.told)
		.filter((each): each is Through => each.type === "ImageDone" || each.type === "ImageFailed");
	const done = through.filter((each) => each.type === "ImageDone");
	const given = new Map(address.value.screen === `work/jobs/${job.id}` ? address.value.values : []);
	const number = Number(given.get("image") ?? done[0]?.number ?? 0);
	const shown = done.find((each) => each.number === number);
	const source = images.value[number - 1]?.source;
	const again = async (settings: Readonly<Record<string, number>>) => {
		try {
			const sources = images.value.map((each) => each.source).filter((each) => each !== null);
			const made = await order({
				type: "predict",
				images: sources,
				model: whole.asked_model,
				settings,
				...ordered(whole),
			});
			go(`work/jobs/${made.id}`);
		} catch (error) {
			problem.value = asProblem(error);
		}
	};
	return (
		<>
			<ImageList job={job.id} through={through} shown={number} />
			{(job.state === "done" || job.state === "stopped") && done.some((each) => each.objects != null) && (
				<p>
					Nearly right? <a href={link(`work/correct/${job.id}`)}>Correct the labels in Fiji</a>, and let the
					model learn from them.
				</p>
			)}
			{problem.value && <ProblemNote problem={problem.value} />}
			{shown && source && whole.asked_model && (
				<Look
					key={`${job.id} ${number}`}
					asked={{
						image: source,
						model: whole.asked_model,
						settings: { ...numbers(whole.order.settings), ...settingsIn(given) },
						...ordered(whole),
						page: Number(given.get("page") ?? -1),
					}}
					screen={`work/jobs/${job.id}`}
					place={[["image", String(number)]]}
					onExport={(settings) => void again(settings)}
				/>
			)}
			{shown && images.value.length > 0 && !source && (
				<p>
					The folder of this image is not among those that were chosen when the lab was started, so it cannot
					be shown.
				</p>
			)}
			{shown && images.value.length > 0 && !whole.asked_model && (
				<p>The model that was asked is not there any more.</p>
			)}
		</>
	);
}

function ImageList({
	job,
	through,
	shown,
}: {
	readonly job: string;
	readonly through: readonly Through[];
	readonly shown: number;
}) {
	if (through.length === 0) return null;
	return (
		<section class="work-images" aria-label="Images of this prediction">
			<ul>
				{through.map((each) => (
					<li key={each.number}>
						{each.type === "ImageDone" ? (
							<a
								href={link(`work/jobs/${job}`, [["image", String(each.number)]])}
								aria-current={each.number === shown ? "true" : undefined}
							>
								<span class="work-image-name">{each.image}</span>
								<span class="work-image-count">
									{each.objects == null ? "" : `${grouped(each.objects)} objects`}
								</span>
								<LevelMark level={worst(each.findings ?? [])} />
							</a>
						) : (
							<div class="work-image-failed">
								<span class="work-image-name">{each.image}</span>
								<ProblemNote problem={each} />
							</div>
						)}
					</li>
				))}
			</ul>
		</section>
	);
}

/** What decides how the image is read and shown to the net, as it was ordered. */
function ordered({ order: { scale, axes, channel } }: WholeJob) {
	return {
		...(typeof scale === "number" ? { scale } : {}),
		...(typeof axes === "string" ? { axes } : {}),
		...(typeof channel === "string" ? { channel } : {}),
	};
}

function numbers(settings: unknown): Record<string, number> {
	const fields = Object.entries((settings ?? {}) as Record<string, unknown>);
	return Object.fromEntries(
		fields.filter((field): field is [string, number] => typeof field[1] === "number"),
	);
}

/** Thresholds that the address names. */
function settingsIn(given: ReadonlyMap<string, string>): Record<string, number> {
	const fields = [...given]
		.filter(([name]) => name !== "image" && name !== "page")
		.map(([name, text]): [string, number] => [name, Number(text)]);
	return Object.fromEntries(fields.filter(([, value]) => Number.isFinite(value)));
}
