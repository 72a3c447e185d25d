// Ways to wire the net: for each way to cut its skips there is a net that was trained so.

/** A way to wire the net, as a word: the levels whose skip is cut, such as "02". */
export type Wiring = string;

export const ALL_WIRED: Wiring = "";

export function wiringOf(cut: readonly number[]): Wiring {
	return [...cut].sort().join("");
}

export function levelsOf(wiring: Wiring): readonly number[] {
	return [...wiring].map(Number);
}

/** Every way to cut the skips of a net of this depth. */
export function everyWiring(depth: number): Wiring[] {
	const levels = Array.from({ length: depth }, (_, level) => level);
	return Array.from({ length: 2 ** depth }, (_, bits) =>
		wiringOf(levels.filter((level) => bits & (1 << level))),
	);
}
