// One set: the images that are in it, with as many of their patches as are there. An image is dragged to another set,
// or sent there by its list.

import { useSignal } from "@preact/signals";
import { IMAGES, PATCHES, type Patch } from "./specimens.ts";
import { SETS, type SetName } from "./splits.ts";
import type { View } from "./view.ts";

const KIND = "text/convivo-image"; // of what is dragged

export function SetColumn({ name, view }: { readonly name: SetName; readonly view: View }) {
	const isOver = useSignal(false);
	const patches = view.patches.value;
	const inside = patches.filter((_, i) => view.sets.value[i] === name);
	const images = [...new Set(inside.map(({ image }) => image))];
	return (
		<section
			class={isOver.value ? "split-machine-set is-over" : "split-machine-set"}
			aria-label={name}
			onDragOver={(event) => {
				event.preventDefault();
				isOver.value = true;
			}}
			onDragLeave={() => {
				isOver.value = false;
			}}
			onDrop={(event) => {
				isOver.value = false;
				const image = event.dataTransfer?.getData(KIND);
				if (!image) return;
				event.preventDefault();
				view.move(Number(image), name);
			}}
		>
			<h2>
				{name} <span class="soft small" data-read={`count-${name}`}>{`${inside.length} patches`}</span>
			</h2>
			<ul>
				{images.map((image) => (
					<Image
						key={image}
						set={name}
						view={view}
						patches={inside.filter((patch) => patch.image === image)}
					/>
				))}
			</ul>
		</section>
	);
}

interface ImageProps {
	readonly set: SetName;
	readonly view: View;
	/** Those that are in this set. */
	readonly patches: readonly Patch[];
}

function Image({ set, view, patches }: ImageProps) {
	const { image, day, treated } = patches[0]!;
	const name = `day ${day + 1}, image ${(image % IMAGES) + 1}`;
	return (
		<li
			draggable
			onDragStart={(event) => {
				event.dataTransfer?.setData(KIND, String(image));
			}}
		>
			<span class="split-machine-name">
				{name} <span class="soft">{treated ? "treated" : "control"}</span>
			</span>
			<span
				class={treated ? "split-machine-patches is-treated" : "split-machine-patches"}
				role="img"
				aria-label={`${patches.length} of ${PATCHES} patches`}
			>
				{Array.from({ length: PATCHES }, (_, i) => (
					<span key={i} class={i < patches.length ? "is-here" : undefined} />
				))}
			</span>
			<select
				aria-label={`${name}: put it into`}
				value={set}
				onChange={(event) => view.move(image, event.currentTarget.value as SetName)}
			>
				{SETS.map((each) => (
					<option key={each} value={each}>
						{each}
					</option>
				))}
			</select>
		</li>
	);
}
