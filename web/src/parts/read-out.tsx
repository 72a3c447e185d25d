// Numbers that one reads off: each with its name, so that nothing is said by a picture alone.

import type { ComponentChildren } from "preact";

export function ReadOuts({ children }: { readonly children: ComponentChildren }) {
	return <dl class="read-outs">{children}</dl>;
}

/** One number. `name` marks it for whoever looks for it in the page. */
export function ReadOut(props: {
	readonly label: string;
	readonly name: string;
	readonly children: ComponentChildren;
}) {
	return (
		<div class="read-out">
			<dt>{props.label}</dt>
			<dd data-read={props.name}>{props.children}</dd>
		</div>
	);
}
