// What a hand sets: the image, the kernel, the start, and how long is learned.

import type { Bench } from "../../bench.ts";
import { Button, Choice, Stops } from "../../parts/controls.tsx";
import { SquarePicker } from "../../parts/square-picker.tsx";
import { many } from "./curve.tsx";
import { SIDE } from "./images.ts";
import { STEPS, type View } from "./view.ts";

interface ControlsProps {
	readonly bench: Bench;
	readonly view: View;
	readonly train: () => void;
	/** Stop a training that runs. */
	readonly stop: () => void;
}

export function Controls({ bench, view, train, stop }: ControlsProps) {
	return (
		<div class="screen-controls is-first">
			<Choice
				label="Learn from"
				value={view.image}
				options={[
					["flat", "white"],
					["stripes", "stripes"],
					["face", "a face"],
					["picture", "the picture"],
				]}
			/>
			<Choice
				label="True kernel"
				value={view.kernel}
				options={[
					["blur", "blur"],
					["edge", "edge"],
					["sharpen", "sharpen"],
				]}
			/>
			<div class="teach-the-kernel-buttons">
				<Button isMain onClick={train}>
					Train
				</Button>
				<Button
					onClick={() => {
						stop();
						view.seed.value = (view.seed.value + 1) % 1000;
					}}
				>
					Other start
				</Button>
			</div>
			<Stops label="Steps of learning" value={view.steps} stops={STEPS} say={() => many(view.shown.value)} />
			{view.image.value === "picture" && (
				<SquarePicker
					picture={bench.picture.value}
					row={view.row}
					column={view.column}
					side={SIDE}
					caption="drag the frame"
				/>
			)}
			<p class="small soft">
				Nobody sets the weights. Learning changes them a little with every step, in the direction in which the
				loss falls. Press <em>Other start</em> with the same image: what the image tells comes out the same,
				the rest does not.
			</p>
		</div>
	);
}
