// What can be set, and the nets that learn then.

import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ViewState } from "../../state.ts";
import { learning, type Point, STEPS } from "./learning.ts";
import type { Kind } from "./nets.ts";

const BREATH = 12; // milliseconds of learning between two drawings

/** Whether the images are as they are or mixed. */
export type Order = "plain" | "scrambled";
export type Curves = { readonly [key in `${Kind}-${Order}`]?: readonly Point[] };

export interface View {
	readonly isScrambled: Signal<boolean>;
	readonly seed: Signal<number>;
	/** Curves of the nets that have learned, as far as they have. */
	readonly curves: ReadonlySignal<Curves>;
	/** Let nets learn whenever something changes; gives what ends that. */
	follow(): () => void;
}

export function viewOf(state: ViewState): View {
	const isScrambled = state.flag("scrambled", false);
	const seed = state.number("seed", 1, { min: 0, max: 999 });
	const curves = signal<Curves>({});
	let of = seed.peek();
	return {
		isScrambled,
		seed,
		curves,
		follow() {
			let timer: ReturnType<typeof setTimeout> | undefined;
			const end = effect(() => {
				clearTimeout(timer);
				if (seed.value !== of) curves.value = {};
				of = seed.value;
				// mixed images say little where one does not know what the nets reach without
				const isKnown = (curves.peek()["conv-plain"]?.at(-1)?.[0] ?? 0) >= STEPS;
				const orders: Order[] = !isScrambled.value
					? ["plain"]
					: isKnown
						? ["scrambled"]
						: ["plain", "scrambled"];
				const running = orders.flatMap((order) =>
					(["full", "conv"] as const).map(
						(kind) => [`${kind}-${order}` as const, learning(kind, order === "scrambled", of)] as const,
					),
				);
				const next = () => {
					const until = performance.now() + BREATH;
					let isDone = false;
					let drawn: Curves = {};
					while (performance.now() < until && !isDone) {
						isDone = true;
						for (const [name, steps] of running) {
							const { value, done } = steps.next();
							if (done) continue;
							isDone = false;
							drawn = { ...drawn, [name]: value };
						}
					}
					curves.value = { ...curves.peek(), ...drawn };
					if (!isDone) timer = setTimeout(next);
				};
				timer = setTimeout(next);
			});
			return () => {
				clearTimeout(timer);
				end();
			};
		},
	};
}
