// What the net says of images that choose, at each time that it was tried.

import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Slider } from "../../parts/controls.tsx";
import { jobPicture, type Told } from "../lab.ts";
import { grouped } from "../words.ts";

interface PicturesProps {
	readonly job: string;
	readonly scores: readonly Extract<Told, { readonly type: "Validated" }>[];
	readonly isRestoring: boolean;
	readonly say: (score: number) => string;
}

export function ValidationPictures({ job, scores, isRestoring, say }: PicturesProps) {
	const at = useSignal(scores.length - 1);
	const seen = useSignal(scores.length);
	useEffect(() => {
		// whoever looks at the newest stays with it; whoever looks back is left alone
		if (at.peek() >= seen.peek() - 1) at.value = scores.length - 1;
		seen.value = scores.length;
	}, [scores.length, at, seen]);
	const shown = scores[at.value];
	return (
		<section class="work-panel" aria-labelledby="validation-pictures">
			<h2 id="validation-pictures">The images that choose</h2>
			{!shown && <p class="soft">Here the net's answer appears each time that it is tried.</p>}
			{shown && (
				<>
					<p class="soft small">
						{isRestoring
							? "Each picture: before, after, and where it is known, how it should look."
							: "White: found, and right. Orange: found, but wrong. Blue: missed."}
					</p>
					<div class="work-pictures">
						{shown.pictures.map((name, number) => (
							<JobPicture
								key={number}
								job={job}
								name={name}
								about={`image ${number + 1} at step ${shown.step}: ${say(shown.score)}`}
							/>
						))}
					</div>
					<Slider
						label="looked at after step"
						value={at}
						min={0}
						max={Math.max(1, scores.length - 1)}
						step={1}
						say={(number) => {
							const each = scores[number];
							return each ? `${grouped(each.step)}: ${say(each.score)}` : "–";
						}}
					/>
				</>
			)}
		</section>
	);
}

function JobPicture({
	job,
	name,
	about,
}: {
	readonly job: string;
	readonly name: string;
	readonly about: string;
}) {
	const url = useSignal("");
	const wanted = useSignal(name);
	wanted.value = name;
	useSignalEffect(() => {
		const asked = wanted.value;
		let isGone = false;
		jobPicture(job, asked).then(
			(picture) => {
				if (isGone) return;
				const before = url.peek();
				url.value = URL.createObjectURL(picture);
				if (before) URL.revokeObjectURL(before);
			},
			() => {
				if (!isGone) url.value = ""; // a picture that is gone leaves its frame empty; the curve says the rest
			},
		);
		return () => {
			isGone = true;
		};
	});
	return <div class="work-picture">{url.value && <img src={url.value} alt={about} />}</div>;
}
