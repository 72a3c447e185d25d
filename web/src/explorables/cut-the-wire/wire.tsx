// A skip: an arrow that a click, Enter or Space cuts and mends.

import type { Stage } from "./answers.ts";
import type { View } from "./view.ts";

interface Props {
	readonly level: number;
	readonly view: View;
	readonly stages: readonly Stage[] | null;
}

export function Wire({ level, view, stages }: Props) {
	const isCut = view.wiring.value.includes(String(level));
	const channels = stages?.[level]?.maps.shape[0];
	return (
		<button
			type="button"
			class={isCut ? "cut-the-wire-wire is-cut" : "cut-the-wire-wire"}
			aria-pressed={isCut}
			aria-label={`cut the skip of level ${level + 1}${level === 0 ? ", the finest" : ""}`}
			onClick={() => view.toggle(level)}
		>
			<svg viewBox="0 0 120 24" aria-hidden="true" preserveAspectRatio="none">
				{isCut ? <path d="M2 12H44M76 12H106M52 2L44 12M68 22L76 12" /> : <path d="M2 12H106" />}
				<path class="is-head" d="M106 6L118 12L106 18z" />
			</svg>
			<span class="small">
				level {level + 1}: {isCut ? "cut" : "skip"}
				<span class="soft cut-the-wire-channels">{channels ? `${channels} maps` : ""}</span>
			</span>
		</button>
	);
}
