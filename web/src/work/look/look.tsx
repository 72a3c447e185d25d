// Look at a prediction of one image: outlines over it, thresholds that follow the hand, its objects, its findings.

import { type Signal, signal, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { write } from "../../page/address.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { Choice, Slider, Toggle } from "../../parts/controls.tsx";
import { useDrawn } from "../../parts/drawn.ts";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { Findings } from "../findings.tsx";
import { grouped } from "../words.ts";
import type { Layer } from "./drawing.ts";
import { type Decided, type Looked, looking, type Question } from "./looking.ts";
import { ObjectsTable } from "./objects-table.tsx";
import { type Outlines, outlines } from "./outlines.ts";
import { thresholdsOf } from "./thresholds.ts";
import { Thresholds } from "./thresholds.tsx";
import { Viewer } from "./viewer.tsx";

interface LookProps {
	readonly asked: Question;
	/** Where the view is written down, and what of it does not belong to the settings. */
	readonly screen: string;
	readonly place: readonly (readonly [string, string])[];
	/** Export everything under the settings of the moment. */
	readonly onExport: (settings: Readonly<Record<string, number>>) => void;
}

export function Look({ asked, screen, place, onExport }: LookProps) {
	const talk = useMemo(looking, []);
	const page = useSignal(asked.page ?? -1);
	const values = useSignal<Readonly<Record<string, Signal<number>>>>({});
	useEffect(() => () => talk.stop(), [talk]);
	const question = (): Question => ({
		...asked,
		page: page.peek(),
		settings: { ...asked.settings, ...moved(values.peek()) },
	});
	useEffect(() => talk.look(question()), [talk, page.value]);
	const looked = talk.looked.value;
	const decided = talk.decided.value;
	useEffect(() => {
		if (decided && Object.keys(values.peek()).length === 0) values.value = signals(decided);
	}, [decided, values]);
	const note = () => write(screen, () => [...place, ...written(question())]);
	const onMove = () => {
		talk.decide(question());
		note();
	};
	useEffect(() => {
		if (page.value >= 0) note();
	}, [page.value]);
	return (
		<div class="look">
			{talk.problem.value && <ProblemNote problem={talk.problem.value} />}
			{!looked && !talk.problem.value && <p role="status">The net looks at the image …</p>}
			{looked && (
				<Seen looked={looked} decided={decided} page={page}>
					{decided && (
						<Thresholds
							thresholds={thresholdsOf(decided.settings)}
							values={values.value}
							onMove={onMove}
							onExport={() => onExport(question().settings)}
						/>
					)}
				</Seen>
			)}
		</div>
	);
}

interface SeenProps {
	readonly looked: Looked;
	readonly decided: Decided | null;
	readonly page: Signal<number>;
	readonly children: preact.ComponentChildren;
}

function Seen({ looked, decided, page, children }: SeenProps) {
	const root = useRef<HTMLDivElement>(null);
	const showsAnswer = useSignal(true);
	const showsTruth = useSignal(Boolean(looked.truth));
	const shown = useSignal<"before" | "after">("after");
	const marked = useSignal(0);
	useEffect(() => {
		marked.value = 0;
	}, [looked]);
	const found = useOutlines(decided?.labels);
	const truth = useOutlines(looked.truth ?? undefined);
	useDrawn(root, decided);
	const pixels = looked.restored && shown.value === "after" ? looked.restored : looked.pixels;
	const [height = 0, width = 0] = pixels.shape;
	const layers: Layer[] = [
		...(truth && showsTruth.value ? [{ outlines: truth, colour: "--truth", isDashed: true }] : []),
		...(decided && showsAnswer.value ? [{ outlines: found, colour: "--found", isDashed: false }] : []),
	];
	const point = (y: number, x: number) => {
		const isInside = y >= 0 && x >= 0 && y < height && x < width;
		const label = (isInside && (decided?.labels.data[y * width + x] as number | undefined)) || 0;
		marked.value = label === marked.value ? 0 : label;
	};
	return (
		<div class="look-split" ref={root}>
			<div class="look-left">
				<Viewer
					label={`${looked.name}${decided ? `, ${decided.objects.label.data.length} objects` : ""}`}
					values={pixels.data}
					height={height}
					width={width}
					low={looked.low}
					high={looked.high}
					layers={layers}
					marked={marked.value}
					outlines={found}
					onPoint={point}
				/>
				<div class="look-switches">
					{decided && (
						<>
							<Key colour="found" />
							<Toggle label="found" value={showsAnswer} />
						</>
					)}
					{looked.truth && (
						<>
							<Key colour="truth" />
							<Toggle label="truth" value={showsTruth} />
						</>
					)}
					{looked.restored && (
						<Choice
							label="Shown"
							value={shown}
							options={[
								["before", "before"],
								["after", "after"],
							]}
						/>
					)}
					<span class="soft small">{extent(looked)}</span>
				</div>
				{looked.pages > 1 && <Pages looked={looked} page={page} />}
			</div>
			{decided && <ObjectsTable objects={decided.objects} marked={marked} />}
			<div class="look-right">
				{decided && (
					<ReadOuts>
						<ReadOut label="objects" name="objects">
							{grouped(decided.objects.label.data.length)}
						</ReadOut>
						<ReadOut label="marked" name="marked">
							{marked.value || "–"}
						</ReadOut>
					</ReadOuts>
				)}
				{children}
				<section aria-labelledby="look-findings">
					<h2 id="look-findings">What speaks against believing it</h2>
					<Findings findings={looked.findings.map((each) => ({ ...each, image: "" }))} />
				</section>
			</div>
		</div>
	);
}

function Pages({ looked, page }: { readonly looked: Looked; readonly page: Signal<number> }) {
	const at = useSignal(looked.page);
	useEffect(
		() =>
			at.subscribe((to) => {
				if (to !== looked.page || page.peek() >= 0) page.value = to;
			}),
		[at, looked.page, page],
	);
	return (
		<Slider
			label="page"
			value={at}
			min={0}
			max={looked.pages - 1}
			step={1}
			say={(number) => `${number + 1} of ${looked.pages}`}
		/>
	);
}

function Key({ colour }: { readonly colour: "found" | "truth" }) {
	return (
		<svg class={`look-key is-${colour}`} viewBox="0 0 24 8" aria-hidden="true">
			<line x1={1} x2={23} y1={4} y2={4} />
		</svg>
	);
}

function useOutlines(labels: Decided["labels"] | undefined): Outlines {
	return useMemo(() => {
		if (!labels) return new Map();
		const [height = 0, width = 0] = labels.shape;
		return outlines(labels.data, height, width);
	}, [labels]);
}

function extent(looked: Looked): string {
	const [height = 0, width = 0] = looked.pixels.shape;
	const all = `${grouped(looked.width)} × ${grouped(looked.height)} pixels`;
	const isPart =
		height * looked.step < looked.height - looked.step || width * looked.step < looked.width - looked.step;
	const part = isPart ? `, of which the part from column ${looked.x}, row ${looked.y} is looked at` : "";
	return all + part + (looked.step > 1 ? `; ${looked.step} × ${looked.step} of them make one here` : "");
}

/** A question as the address holds it. */
function written({ page, settings }: Question): (readonly [string, string])[] {
	const values = Object.entries(settings).map(([name, value]) => [name, String(value)] as const);
	return page !== undefined && page >= 0 ? [["page", String(page)], ...values] : values;
}

function signals(decided: Decided): Record<string, Signal<number>> {
	return Object.fromEntries(
		thresholdsOf(decided.settings).map(({ name }) => [name, signal(decided.settings[name] as number)]),
	);
}

function moved(values: Readonly<Record<string, Signal<number>>>): Record<string, number> {
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.peek()]));
}
