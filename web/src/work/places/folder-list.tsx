// The chosen folders and what lies in them: go down, go up, choose images or a folder.

import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import { Button } from "../../parts/controls.tsx";
import { type Entry, type Listing, listing, type Place, type Root, roots } from "../lab.ts";
import { size } from "../words.ts";

interface FolderListProps {
	/** What is chosen; the view changes it. */
	readonly chosen: Signal<readonly Place[]>;
	/** Images may be chosen one by one, and folders as a whole; or exactly one folder. */
	readonly wants: "images" | "folder";
	readonly label: string;
	/** Whether a listed folder can be chosen. */
	readonly suits: (kind: Entry["kind"]) => boolean;
	/** Changes when the folders should be read again, where what is chosen lies. */
	readonly again?: unknown;
}

/** Whether a place lies directly in a folder, and so is chosen with it. */
const isInside = (one: Place, folder: Place) => isSame(above(one), folder) && !isSame(one, folder);
export const isSame = (one: Place, other: Place) => one.root === other.root && one.path === other.path;

export function FolderList({ chosen, wants, label, suits, again }: FolderListProps) {
	const known = useSignal<readonly Root[]>([]);
	const here = useSignal<Place | null>(chosen.peek()[0] ? above(chosen.peek()[0] as Place) : null);
	const seen = useSignal<Listing | null>(null);
	const problem = useSignal<Problem | null>(null);
	const turn = useSignal(again);
	if (turn.peek() !== again) {
		turn.value = again;
		here.value = chosen.peek()[0] ? above(chosen.peek()[0] as Place) : here.peek();
	}
	useSignalEffect(() => {
		turn.value;
		const place = here.value;
		const isNow = () => here.peek() === place;
		read(place, known)
			.then((found) => {
				if (!isNow()) return;
				if (!place) here.value = first(known.peek());
				seen.value = found;
				problem.value = null;
			})
			.catch((error) => {
				if (isNow()) problem.value = asProblem(error);
			});
	});
	const listed = seen.value;
	const toggle = (place: Place) => {
		const without = chosen.value.filter((each) => !isSame(each, place));
		if (wants === "folder") chosen.value = [place];
		else if (without.length < chosen.value.length) chosen.value = without;
		else chosen.value = [...without.filter((each) => !isInside(each, place)), place];
	};
	const isChosen = (place: Place) => chosen.value.some((each) => isSame(each, place));
	const isWhole = wants === "images" && listed !== null && isChosen(place(listed));
	const images = listed?.entries.filter((each) => each.kind === "image").length ?? 0;
	return (
		<section class="work-folders" aria-label={label}>
			<Crumbs known={known.value} here={here} />
			{problem.value && <ProblemNote problem={problem.value} />}
			{listed && here.value && (
				<>
					{(wants === "images" ? images > 0 : suits(listed.kind)) && (
						<Option
							isChosen={isChosen(place(listed))}
							isOne={wants === "folder"}
							onChange={() => toggle(place(listed))}
						>
							{wants === "images"
								? `the whole folder: ${images} ${images === 1 ? "image" : "images"}`
								: "this folder"}
						</Option>
					)}
					<ul>
						{listed.entries
							.filter((each) => wants === "images" || each.kind !== "image")
							.map((each) => (
								<li key={each.path}>
									<EntryRow
										entry={each}
										isChosen={
											isChosen({ root: listed.root, path: each.path }) || (isWhole && each.kind === "image")
										}
										isFixed={isWhole}
										canChoose={wants === "images" ? each.kind === "image" : suits(each.kind)}
										isOne={wants === "folder"}
										onChoose={() => toggle({ root: listed.root, path: each.path })}
										onOpen={() => {
											here.value = { root: listed.root, path: each.path };
										}}
									/>
								</li>
							))}
					</ul>
					{listed.entries.length === 0 && (
						<p class="soft">There is nothing in this folder that convivo can use.</p>
					)}
					{listed.left_out > 0 && <p class="soft small">{listed.left_out} more are not listed.</p>}
				</>
			)}
		</section>
	);
}

async function read(here: Place | null, known: Signal<readonly Root[]>): Promise<Listing | null> {
	if (known.peek().length === 0) known.value = await roots();
	const place = here ?? first(known.peek());
	return place ? listing(place) : null;
}

/** Where to begin: in a folder that the person chose, not in the lab's own. */
function first(known: readonly Root[]): Place | null {
	const root = known.find((each) => !each.is_own) ?? known[0];
	return root ? { root: root.root, path: "" } : null;
}

function place({ root, path }: Place): Place {
	return { root, path };
}

function above({ root, path }: Place): Place {
	return { root, path: path.split("/").slice(0, -1).join("/") };
}

function Crumbs({ known, here }: { readonly known: readonly Root[]; readonly here: Signal<Place | null> }) {
	const at = here.value;
	const parts = at?.path ? at.path.split("/") : [];
	return (
		<div class="work-crumbs">
			<label>
				<span class="for-readers">Folder of the lab</span>
				<select
					value={at ? String(at.root) : ""}
					onChange={(event) => {
						here.value = { root: Number(event.currentTarget.value), path: "" };
					}}
				>
					{known.map((each) => (
						<option key={each.root} value={String(each.root)}>
							{each.name}
						</option>
					))}
				</select>
			</label>
			{parts.map((name, depth) => (
				<span key={parts.slice(0, depth + 1).join("/")} class="work-crumb">
					<span aria-hidden="true">/</span>
					{depth === parts.length - 1 ? (
						<strong>{name}</strong>
					) : (
						<Button
							onClick={() => {
								if (at) here.value = { root: at.root, path: parts.slice(0, depth + 1).join("/") };
							}}
						>
							{name}
						</Button>
					)}
				</span>
			))}
			{at && parts.length > 0 && (
				<Button
					onClick={() => {
						here.value = above(at);
					}}
				>
					↑ up
				</Button>
			)}
		</div>
	);
}

interface EntryRowProps {
	readonly entry: Entry;
	readonly isChosen: boolean;
	/** Chosen with the folder, not by itself. */
	readonly isFixed: boolean;
	readonly canChoose: boolean;
	readonly isOne: boolean;
	readonly onChoose: () => void;
	readonly onOpen: () => void;
}

const CALLED: Partial<Record<Entry["kind"], string>> = {
	data: "images with masks or targets",
	model: "a model",
};

function EntryRow({ entry, isChosen, isFixed, canChoose, isOne, onChoose, onOpen }: EntryRowProps) {
	const about =
		entry.kind === "image" ? (entry.bytes === null ? "" : size(entry.bytes)) : (CALLED[entry.kind] ?? "");
	return (
		<div class="work-entry">
			{canChoose ? (
				<Option isChosen={isChosen} isFixed={isFixed} isOne={isOne} onChange={onChoose}>
					{entry.name}
				</Option>
			) : (
				<span class="work-entry-plain" aria-hidden="true">
					{entry.kind === "image" ? "" : "▸"}
				</span>
			)}
			{entry.kind !== "image" && (
				<Button label={`open the folder ${entry.name}`} onClick={onOpen}>
					{canChoose ? "open" : entry.name}
				</Button>
			)}
			<span class="soft small">{about}</span>
		</div>
	);
}

function Option(props: {
	readonly isChosen: boolean;
	readonly isFixed?: boolean;
	readonly isOne: boolean;
	readonly onChange: () => void;
	readonly children: preact.ComponentChildren;
}) {
	return (
		<label class="toggle">
			<input
				type={props.isOne ? "radio" : "checkbox"}
				checked={props.isChosen}
				disabled={props.isFixed}
				onChange={props.onChange}
			/>
			{props.children}
		</label>
	);
}
