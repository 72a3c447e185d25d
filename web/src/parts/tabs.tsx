// Tabs: several views of one screen. Arrow keys go from one to the next.

import type { Signal } from "@preact/signals";
import { type ComponentChildren, createRef } from "preact";
import { useOwnId } from "./own-id.ts";

interface TabsProps<Word extends string> {
	readonly label: string;
	readonly value: Signal<Word>;
	readonly options: readonly (readonly [Word, string])[];
	/** The view of the chosen tab. */
	readonly children: ComponentChildren;
}

export function Tabs<Word extends string>({ label, value, options, children }: TabsProps<Word>) {
	const list = createRef<HTMLDivElement>();
	const own = useOwnId(); // a lesson holds several explorables, and each has its tabs
	const go = (event: KeyboardEvent) => {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		if (!step) return;
		event.preventDefault();
		const here = options.findIndex(([word]) => word === value.value);
		const next = (here + step + options.length) % options.length;
		value.value = (options[next] as readonly [Word, string])[0];
		(list.current?.children[next] as HTMLElement | undefined)?.focus();
	};
	return (
		<>
			<div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={go}>
				{options.map(([word, called]) => (
					<button
						key={word}
						type="button"
						role="tab"
						id={`${own}-tab-${word}`}
						aria-selected={value.value === word}
						aria-controls={value.value === word ? `${own}-panel-${word}` : undefined}
						tabIndex={value.value === word ? 0 : -1}
						onClick={() => {
							value.value = word;
						}}
					>
						{called}
					</button>
				))}
			</div>
			<div
				class="screen"
				role="tabpanel"
				id={`${own}-panel-${value.value}`}
				aria-labelledby={`${own}-tab-${value.value}`}
			>
				{children}
			</div>
		</>
	);
}
