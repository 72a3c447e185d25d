// Pixels of a field that are marked, as one drawn path.

import type { Field } from "./field.ts";

interface PixelsProps {
	readonly class: string;
	readonly field: Field;
	readonly isWanted: (truth: boolean, value: number) => boolean;
}

export function Pixels({ class: name, field, isWanted }: PixelsProps) {
	return <path class={name} d={runs(field, isWanted)} />;
}

/** Neighbours in a row are drawn as one rectangle. */
function runs({ side, truth, values }: Field, isWanted: PixelsProps["isWanted"]): string {
	const parts: string[] = [];
	for (let y = 0; y < side; y++) {
		for (let x = 0; x < side; x++) {
			const from = x;
			while (x < side && isWanted(truth[y * side + x] === 1, values[y * side + x]!)) x++;
			if (x > from) parts.push(`M${from} ${y}h${x - from}v1H${from}z`);
		}
	}
	return parts.join("");
}
