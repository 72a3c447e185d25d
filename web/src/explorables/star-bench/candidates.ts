// The stars that the net proposes: the answer to the question "stars".

import type { Tensor } from "../../tensor.ts";

/** n stars in the order of their turns, and the pairs that suppression may ask about at `thresholds`. */
export interface Candidates {
	/** (n, 2) Y and X, in pixels of the window. */
	readonly points: Tensor<Int32Array>;
	/** (n, rays) in pixels. */
	readonly distances: Tensor<Float32Array>;
	/** (n,) each. */
	readonly probabilities: Tensor<Float32Array>;
	/** 1 next to the edge: asked after all others, because the net sees half of there. */
	readonly asked_last: Tensor<Uint8Array>;
	/** Square pixels. */
	readonly areas: Tensor<Float32Array>;
	/** (n + 1,) star i asks others[starts[i]] to others[starts[i + 1] - 1]; what they share, in square pixels. */
	readonly starts: Tensor<Int32Array>;
	readonly others: Tensor<Int32Array>;
	readonly shared: Tensor<Float64Array>;
	readonly thresholds: readonly number[];
	/** All stars likelier than this are here, and so many are likelier than the lowest threshold. */
	readonly least: number;
	readonly proposed: number;
	/** The thresholds on the model's card, and how small an object may be. */
	readonly prob: number;
	readonly nms: number;
	readonly smallest: number;
	readonly smallest_cut: number;
}
