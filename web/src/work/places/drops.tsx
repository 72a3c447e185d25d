// Images that were dropped on the page or opened from the computer: which of them are chosen.

import { coming, forget, images, problem } from "../../page/pictures.ts";
import { ProblemNote } from "../../page/problem-note.tsx";
import { Button } from "../../parts/controls.tsx";
import { chosenDrops, takeAll } from "./dropped.ts";

export function Drops() {
	const chosen = chosenDrops;
	const own = images.value.filter((each) => each.is_own);
	return (
		<section class="work-drop" aria-label="Dropped images">
			<p>
				Drop images on this page, or{" "}
				<label class="button">
					{coming.value ? `reading ${coming.value} …` : "open them …"}
					<input
						class="for-readers"
						type="file"
						multiple
						accept=".tif,.tiff,.png,.jpg,.jpeg"
						onChange={(event) => {
							void takeAll([...(event.currentTarget.files ?? [])]);
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
