// Images that are dropped on the page or opened from the computer: kept by the lab until they are forgotten.

import { type Signal, useSignal } from "@preact/signals";
import { coming, drop, forget, images, problem } from "../../page/pictures.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { Button } from "../../parts/controls.tsx";

/** Take files over one after the other; `chosen` gains the IDs of those that are images. */
async function takeAll(files: readonly File[], chosen: Signal<readonly string[]>): Promise<void> {
	for (const file of files) {
		const id = await drop(file);
		if (!id) return; // what is wrong with it is said; the others wait for the person
		if (!chosen.peek().includes(id)) chosen.value = [...chosen.peek(), id];
	}
}

export function Drops({ chosen }: { readonly chosen: Signal<readonly string[]> }) {
	const isOver = useSignal(false);
	const take = (files: FileList | null | undefined) => void takeAll([...(files ?? [])], chosen);
	const own = images.value.filter((each) => each.is_own);
	return (
		<section
			class={isOver.value ? "work-drop is-over" : "work-drop"}
			aria-label="Dropped images"
			onDragOver={(event) => {
				event.preventDefault();
				event.stopPropagation();
				isOver.value = true;
			}}
			onDragLeave={() => {
				isOver.value = false;
			}}
			onDrop={(event) => {
				event.preventDefault();
				event.stopPropagation(); // the page around would take it for an explorable
				isOver.value = false;
				take(event.dataTransfer?.files);
			}}
		>
			<p>
				Drop images here, or{" "}
				<label class="button">
					{coming.value ? `reading ${coming.value} …` : "open them …"}
					<input
						class="for-readers"
						type="file"
						multiple
						accept=".tif,.tiff,.png,.jpg,.jpeg"
						onChange={(event) => {
							take(event.currentTarget.files);
							event.currentTarget.value = "";
						}}
					/>
				</label>
			</p>
			{problem.value && <ProblemNote problem={problem.value} />}
			{own.length > 0 && (
				<ul>
					{own.map((each) => (
						<li key={each.id} class="work-entry">
							<label class="toggle">
								<input
									type="checkbox"
									checked={chosen.value.includes(each.id)}
									onChange={(event) => {
										chosen.value = event.currentTarget.checked
											? [...chosen.value, each.id]
											: chosen.value.filter((id) => id !== each.id);
									}}
								/>
								{each.name}
							</label>
							<Button
								label={`forget ${each.name}`}
								onClick={() => {
									chosen.value = chosen.value.filter((id) => id !== each.id);
									void forget(each.id);
								}}
							>
								forget
							</Button>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}
