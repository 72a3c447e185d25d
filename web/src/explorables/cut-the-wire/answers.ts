// What Python says: the maps of the shipped net, and the answers of the nets that were trained with some skips
// or without. All are asked once a picture, the two that are looked at first, so that a cut is answered at once.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Ask } from "../../bench.ts";
import { type Picture, windowOf } from "../../picture.ts";
import type { Tensor } from "../../tensor.ts";
import { ALL_WIRED, everyWiring, levelsOf, type Wiring } from "./wirings.ts";

export const DEPTH = 3;

/** The feature maps that one block makes (`convivo.lab.questions.unet_maps.Stage`). */
export interface Stage {
	readonly part: "down" | "middle" | "up";
	readonly level: number;
	readonly reads: number;
	readonly skip: number;
	/** (channels, Y, X), each from 0 to its peak. */
	readonly maps: Tensor<Uint8Array>;
	readonly peaks: Tensor<Float32Array>;
	readonly strongest: Tensor<Int32Array>;
}

/** Against the truth (`convivo.lab.questions.cut_wire.Judged`). */
export interface Judged {
	readonly there: number;
	readonly right: number;
	readonly accuracy: number;
	readonly strict: number;
	readonly off: number | null;
	readonly within: readonly number[];
}

export interface Answer {
	readonly cut: readonly number[];
	readonly labels: Tensor<Int32Array>;
	readonly found: number;
	readonly weights: number;
	/** On images from which no net learned: how many, and the accuracy at IoU 0.9. */
	readonly tested: { readonly images: number; readonly strict: number } | null;
	readonly judged: Judged | null;
}

export interface Answers {
	readonly stages: ReadonlySignal<readonly Stage[] | null>;
	/** By wiring; those that have come. */
	readonly byWiring: ReadonlySignal<ReadonlyMap<Wiring, Answer>>;
	readonly problem: ReadonlySignal<unknown>;
	/** Ask everything about a picture, what is looked at first. */
	about(picture: Picture, wanted: Wiring, abort: AbortSignal): Promise<void>;
}

export function answers(ask: Ask): Answers {
	const stages = signal<readonly Stage[] | null>(null);
	const byWiring = signal<ReadonlyMap<Wiring, Answer>>(new Map());
	const problem = signal<unknown>(null);
	async function askAll(picture: Picture, wanted: Wiring, abort: AbortSignal): Promise<void> {
		const window = windowOf(picture);
		const askWiring = async (wiring: Wiring) => {
			const asked = { window, cut: levelsOf(wiring) };
			const answer = await ask<Answer>("cut-wire", asked, abort);
			abort.throwIfAborted(); // another picture is looked at by now
			byWiring.value = new Map(byWiring.peek()).set(wiring, answer);
		};
		await askWiring(ALL_WIRED);
		if (wanted !== ALL_WIRED) await askWiring(wanted);
		const maps = await ask<{ stages: Stage[] }>("unet-maps", window, abort);
		abort.throwIfAborted();
		stages.value = maps.stages;
		for (const wiring of everyWiring(DEPTH)) if (!byWiring.peek().has(wiring)) await askWiring(wiring);
	}
	return {
		stages,
		byWiring,
		problem,
		async about(picture, wanted, abort) {
			stages.value = null;
			byWiring.value = new Map();
			problem.value = null;
			try {
				await askAll(picture, wanted, abort);
			} catch (error) {
				if (!abort.aborted) problem.value = error;
			}
		},
	};
}
