// Whether a net with poolings takes a size as it is: every pooling halves, and half of an odd side is no whole pixel.

/** The sides at each level, and where it stops. */
export interface Halving {
	/** From the finest level down; the last may be the one that cannot be halved. */
	readonly sides: readonly (readonly [height: number, width: number])[];
	/** The level whose side is odd and must yet be halved; null where the size goes through. */
	readonly stopsAt: number | null;
	/** The nearest sizes that go through: each side a multiple of what all poolings together divide by. */
	readonly below: readonly [height: number, width: number];
	readonly above: readonly [height: number, width: number];
}

export function halving(height: number, width: number, poolings: number): Halving {
	const sides: [number, number][] = [[height, width]];
	let stopsAt: number | null = null;
	for (let level = 0; level < poolings && stopsAt === null; level++) {
		const [tall, wide] = sides[level] as [number, number];
		if (tall % 2 || wide % 2) stopsAt = level;
		else sides.push([tall / 2, wide / 2]);
	}
	const step = 2 ** poolings;
	const down = (side: number) => Math.max(step, Math.floor(side / step) * step);
	const up = (side: number) => Math.ceil(side / step) * step;
	return { sides, stopsAt, below: [down(height), down(width)], above: [up(height), up(width)] };
}
