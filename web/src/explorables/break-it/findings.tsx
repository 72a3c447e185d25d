// What doubt's quick checks say, each in its own place, so that nothing jumps while a slider moves.

import type { Level, Told } from "./answer.ts";

const ORDER = ["input", "overall", "scale", "light", "kind"];
const SIGNS: Record<Level, string> = { fine: "✓", note: "i", warn: "!", stop: "✕" };

export function Findings({ findings }: { readonly findings: readonly Told[] }) {
	const placed = [...findings].sort((one, other) => ORDER.indexOf(one.id) - ORDER.indexOf(other.id));
	return (
		<section class="break-it-findings" aria-label="Findings">
			<h3>What doubt says, without knowing the truth</h3>
			<ul>
				{placed.map((finding) => (
					<li key={finding.id} class={`is-${finding.level}`} data-finding={finding.id}>
						<span class="break-it-level" data-read={`level-${finding.id}`}>
							<span aria-hidden="true">{SIGNS[finding.level]}</span> {finding.level}
						</span>
						<div>
							<p class="break-it-question">{finding.question}</p>
							<p class="small">{sentence(finding.evidence)}</p>
							{(finding.advice || finding.command) && (
								<p class="small break-it-advice">
									{sentence(finding.advice)} {finding.command && <code>{finding.command}</code>}
									{finding.after}
								</p>
							)}
						</div>
					</li>
				))}
			</ul>
		</section>
	);
}

function sentence(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
