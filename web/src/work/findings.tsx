// What speaks against believing something: one statement a finding, the worst first.

import type { Finding, Level } from "./lab.ts";

const LEVELS: Record<Level, readonly [string, string]> = {
	stop: ["■", "stop"],
	warn: ["▲", "look"],
	note: ["●", "note"],
	fine: ["✓", "fine"],
};
const RANKS: Record<Level, number> = { stop: 3, warn: 2, note: 1, fine: 0 };

/** The worst level of all. */
export function worst(findings: readonly Finding[]): Level {
	return findings.reduce<Level>((so, each) => (RANKS[each.level] > RANKS[so] ? each.level : so), "fine");
}

export function LevelMark({ level }: { readonly level: Level }) {
	return (
		<span class={`work-level is-${level}`}>
			<span aria-hidden="true">{LEVELS[level][0]}</span> {LEVELS[level][1]}
		</span>
	);
}

/** Findings, the worst first; those that are fine are folded away. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
	const sorted = findings.toSorted(
		(one, other) => RANKS[other.level] - RANKS[one.level] || (other.doubt ?? 0) - (one.doubt ?? 0),
	);
	const told = sorted.filter((each) => each.level !== "fine");
	const fine = sorted.filter((each) => each.level === "fine");
	return (
		<div class="work-findings">
			{told.length === 0 && <p>Nothing was found that speaks against it.</p>}
			{told.length > 0 && <ul>{told.map(item)}</ul>}
			{fine.length > 0 && (
				<details>
					<summary>Asked, and fine: {fine.length}</summary>
					<ul>{fine.map(item)}</ul>
				</details>
			)}
		</div>
	);
}

function item(each: Finding, number: number) {
	return (
		<li key={number} class={`is-${each.level}`}>
			<p>
				<LevelMark level={each.level} /> <strong>{each.id}</strong>
				{each.image && <span class="soft"> {each.image}</span>}
			</p>
			<p>{sentence(each.evidence)}</p>
			{each.advice && (
				<p class="work-advice">
					<span class="soft">What helps:</span> {sentence(each.advice)}
				</p>
			)}
		</li>
	);
}

/** With a capital letter in front, unless it begins with the name of a file, and a full stop behind. */
export function sentence(text: string): string {
	const isWord = /^[a-z]+[,:;]?(\s|$)/.test(text);
	const begun = isWord ? text.charAt(0).toUpperCase() + text.slice(1) : text;
	return /[.!?:`]$/.test(begun) ? begun : `${begun}.`;
}
