// Which image is looked at, and which window of it.

import { Button } from "../parts/controls.tsx";
import type { Picture } from "../picture.ts";
import type { ViewState } from "../state.ts";
import { coming, drop, forget, images } from "./pictures.ts";

/** The values of a view that say which window is looked at. */
export function windowState(state: ViewState, image: string) {
	return { image: state.text("image", image), y: state.number("y", -1), x: state.number("x", -1) };
}

export type Chosen = ReturnType<typeof windowState>;

interface ImageMenuProps {
	readonly chosen: Chosen;
	/** What is shown of it; null until it has come. */
	readonly seen: Picture | null;
}

export function ImageMenu({ chosen, seen }: ImageMenuProps) {
	const choose = (id: string) => {
		chosen.y.value = -1;
		chosen.x.value = -1;
		chosen.image.value = id;
	};
	const take = async (files: FileList | null) => {
		const id = files?.[0] && (await drop(files[0]));
		if (id) choose(id);
	};
	const isOwn = images.value.some((each) => each.id === chosen.image.value && each.is_own);
	return (
		<div class="image-menu">
			<label>
				<span class="for-readers">Image</span>
				<select value={chosen.image.value} onChange={(event) => choose(event.currentTarget.value)}>
					<optgroup label="Practice images (simulated)">
						{images.value.filter((each) => !each.is_own).map(option)}
					</optgroup>
					{images.value.some((each) => each.is_own) && (
						<optgroup label="Your images">{images.value.filter((each) => each.is_own).map(option)}</optgroup>
					)}
				</select>
			</label>
			<label class="button">
				{coming.value ? `reading ${coming.value} …` : "Your image …"}
				<input
					class="for-readers"
					type="file"
					accept=".tif,.tiff,.png,.jpg,.jpeg"
					onChange={(event) => {
						void take(event.currentTarget.files);
						event.currentTarget.value = "";
					}}
				/>
			</label>
			{isOwn && (
				<Button
					label="forget this image"
					onClick={() => {
						const gone = chosen.image.value;
						choose(images.value[0]?.id ?? "nuclei");
						void forget(gone);
					}}
				>
					forget it
				</Button>
			)}
			{seen && <WindowPlace chosen={chosen} seen={seen} />}
		</div>
	);
}

function option(each: { readonly id: string; readonly name: string }) {
	return (
		<option key={each.id} value={each.id}>
			{each.name}
		</option>
	);
}

/** Where the window lies in an image that is larger than it. */
function WindowPlace({ chosen, seen }: { readonly chosen: Chosen; readonly seen: Picture }) {
	const [height = 0, width = 0] = seen.pixels.shape;
	if (height === seen.height && width === seen.width) return null;
	const field = (label: string, value: number, most: number, set: (to: number) => void) => (
		<label class="small">
			{label}{" "}
			<input
				type="number"
				min={0}
				max={most}
				step={64}
				value={value}
				onChange={(event) => set(event.currentTarget.valueAsNumber || 0)}
			/>
		</label>
	);
	return (
		<span class="image-menu">
			<span class="small soft">
				shows {width} × {height} of {seen.width} × {seen.height} pixels,
			</span>
			{field("from column", seen.x, seen.width - width, (to) => {
				chosen.x.value = to;
			})}
			{field("row", seen.y, seen.height - height, (to) => {
				chosen.y.value = to;
			})}
		</span>
	);
}
