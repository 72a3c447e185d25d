// Ways to wire the net. Not for every way to cut there is a trained net; where one is missing, the nearest is taken.

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

/** The wiring after a skip was cut, or mended: what must be cut, or mended, with it for want of a net goes along. */
export function toggled(wiring: Wiring, level: number, known: readonly Wiring[]): Wiring {
	if (!wiring.includes(String(level))) return nearest(wiringOf([...levelsOf(wiring), level]), known);
	const less = wiringOf(levelsOf(wiring).filter((each) => each !== level));
	const within = known.filter((each) => isWithin(each, less));
	return within.sort((one, other) => other.length - one.length)[0] ?? ALL_WIRED;
}

/** The wiring itself, or the one that cuts the fewest besides. */
export function nearest(wiring: Wiring, known: readonly Wiring[]): Wiring {
	const around = known.filter((each) => isWithin(wiring, each));
	return around.sort((one, other) => one.length - other.length)[0] ?? ALL_WIRED;
}

function isWithin(one: Wiring, other: Wiring): boolean {
	return [...one].every((level) => other.includes(level));
}
