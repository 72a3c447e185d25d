// Numbers that fall by chance and fall the same again for the same seed, so that a view can be sent and a test can
// know what was drawn.

/** Draws numbers from 0 to below 1: Tommy Ettinger's mulberry32, one of the smallest good generators. */
export function uniforms(seed: number): () => number {
	let state = Math.imul(seed + 1, 0x9e3779b1);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let bits = Math.imul(state ^ (state >>> 15), state | 1);
		bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
		return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Draws from the normal distribution of mean 0 and deviation 1 (Box, Muller 1958). */
export function normals(seed: number): () => number {
	const uniform = uniforms(seed);
	return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** The items in another order (Fisher, Yates), each order as likely as any other. */
export function shuffled<Item>(items: readonly Item[], uniform: () => number): Item[] {
	const mixed = [...items];
	for (let last = mixed.length - 1; last > 0; last--) {
		const other = Math.floor(uniform() * (last + 1));
		[mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
	}
	return mixed;
}
