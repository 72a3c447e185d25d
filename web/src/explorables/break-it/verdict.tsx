// Numbers of the answer: how many, how many of them right, and how sure the net is of them.

import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import type { Broken } from "./answer.ts";

export function Counts({ answer }: { readonly answer: Broken }) {
	const right = answer.right.length;
	return (
		<div class="break-it-counts">
			<ReadOuts>
				<ReadOut label="found" name="found">
					{answer.found}
				</ReadOut>
				<ReadOut label="really there" name="there">
					{answer.there ?? "–"}
				</ReadOut>
				<ReadOut label="accuracy at IoU 0.5" name="accuracy">
					{answer.accuracy?.toFixed(2) ?? "–"}
				</ReadOut>
			</ReadOuts>
			<p class="soft small">
				{answer.there === null
					? "Nobody has outlined the nuclei of this image, so nobody can count what is right."
					: `${right} right, ${answer.found - right} wrong, ${answer.there - right} missed. ` +
						"Right is what overlaps its nucleus by half or more of both together; " +
						"accuracy is right / (right + wrong + missed)."}
			</p>
		</div>
	);
}

export function Certainty({ answer }: { readonly answer: Broken }) {
	return (
		<section class="break-it-certainty" aria-label="Sure and right">
			<h3>How sure, and how right</h3>
			<Bar name="sure" label="The net is sure" about="mean probability of its objects" share={answer.sure} />
			<Bar
				name="right"
				label="The net is right"
				about="accuracy, against the truth"
				share={answer.accuracy}
			/>
			<Bar
				name="expected"
				label="Doubt expects"
				about="accuracy, without knowing the truth"
				share={answer.expected}
			/>
		</section>
	);
}

interface BarProps {
	readonly name: string;
	readonly label: string;
	readonly about: string;
	readonly share: number | null;
}

function Bar({ name, label, about, share }: BarProps) {
	return (
		<div class={`break-it-bar is-${name}`}>
			<span>
				{label} <span class="soft small">{about}</span>
			</span>
			<strong data-read={name}>{share === null ? "–" : share.toFixed(2)}</strong>
			<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
				<rect class="is-ground" width={100} height={8} />
				<rect class="is-share" width={100 * (share ?? 0)} height={8} />
			</svg>
		</div>
	);
}
