// What convivo's U-Net costs in memory: 4 bytes for every value of every map, and for every weight.

export const DEPTH = 3; // poolings
const CONVOLUTIONS = 2; // in each block
const BYTES = 4;

export interface Memory {
	/** Values of all maps, for each pixel of the window. */
	readonly values: number;
	readonly weights: number;
}

export function memoryOf(filters: number): Memory {
	const widths = Array.from({ length: DEPTH + 1 }, (_, level) => filters * 2 ** level);
	let values = 1; // the head's map
	let weights = filters + 1;
	const convolve = (from: number, to: number, level: number) => {
		values += to / 4 ** level;
		weights += 9 * from * to + to;
		return to;
	};
	let channels = 1;
	for (let level = 0; level < DEPTH; level++) {
		for (let i = 0; i < CONVOLUTIONS; i++) channels = convolve(channels, widths[level]!, level);
		values += channels / 4 ** (level + 1); // pooled
	}
	channels = convolve(channels, widths[DEPTH]!, DEPTH);
	channels = convolve(channels, widths[DEPTH - 1]!, DEPTH);
	for (let level = DEPTH - 1; level >= 0; level--) {
		values += (3 * channels) / 4 ** level; // upsampled, and then with the skip beside it
		channels = convolve(2 * channels, widths[level]!, level);
		channels = convolve(channels, widths[Math.max(0, level - 1)]!, level);
	}
	return { values, weights };
}

/** Bytes of the maps of one square window. */
export function mapBytes({ values }: Memory, side: number): number {
	return BYTES * values * side ** 2;
}

export function weightBytes({ weights }: Memory): number {
	return BYTES * weights;
}

/** How many times as much is computed as is kept, in an image of many tiles. */
export function computeFactor(tile: number, halo: number): number {
	return ((tile + 2 * halo) / tile) ** 2;
}
