// The values that make a view: each a signal with a name, so that a view can be written down and sent.
// What stands at its initial value is left out of what is written down.

import { effect, type Signal, signal } from "@preact/signals";

interface Entry {
	readonly signal: Signal<unknown>;
	readonly initial: string;
	read(text: string): unknown;
	write(value: unknown): string;
}

/** Named values of a view. Asking twice for a name gives the same signal. */
export class ViewState {
	readonly #entries = new Map<string, Entry>();
	#given: ReadonlyMap<string, string>;
	readonly #changed: () => void;

	/** `given` holds values by name as text; `changed` is called after any value has changed. */
	constructor(given: Iterable<[string, string]> = [], changed: () => void = () => {}) {
		this.#given = new Map(given);
		this.#changed = changed;
	}

	/** A number; one outside its limits is moved to the nearer one. */
	number(
		name: string,
		initial: number,
		limits?: { readonly min: number; readonly max: number },
	): Signal<number> {
		return this.#value(name, initial, (text) => within(Number(text), initial, limits), short);
	}

	/** One of several words. */
	choice<Word extends string>(name: string, words: readonly Word[], initial: Word): Signal<Word> {
		return this.#value(name, initial, (text) => words.find((word) => word === text) ?? initial, String);
	}

	text(name: string, initial: string): Signal<string> {
		return this.#value(name, initial, (text) => text, String);
	}

	flag(name: string, initial: boolean): Signal<boolean> {
		return this.#value(
			name,
			initial,
			(text) => text === "yes",
			(on) => (on ? "yes" : "no"),
		);
	}

	/** A list of numbers, such as the weights of a kernel. */
	numbers(name: string, initial: readonly number[]): Signal<readonly number[]> {
		return this.#value(name, initial, readNumbers(initial), (list) => list.map(short).join("_"));
	}

	/** What differs from where it began, as text by name. */
	written(): [string, string][] {
		const rows = [...this.#entries].map(([name, entry]): [string, string, string] => [
			name,
			entry.write(entry.signal.peek()),
			entry.initial,
		]);
		return rows.filter(([, text, initial]) => text !== initial).map(([name, text]) => [name, text]);
	}

	/** Take over values that were written down; what is not among them goes back to where it began. */
	take(given: Iterable<[string, string]>): void {
		this.#given = new Map(given);
		for (const [name, entry] of this.#entries) {
			entry.signal.value = entry.read(this.#given.get(name) ?? entry.initial);
		}
	}

	#value<Value>(
		name: string,
		initial: Value,
		read: (text: string) => Value,
		write: (value: Value) => string,
	): Signal<Value> {
		const known = this.#entries.get(name);
		if (known) return known.signal as Signal<Value>;
		const text = this.#given.get(name);
		const made = signal(text === undefined ? initial : read(text));
		this.#entries.set(name, {
			signal: made as Signal<unknown>,
			initial: write(initial),
			read,
			write: write as (value: unknown) => string,
		});
		let first = true;
		effect(() => {
			made.value;
			if (!first) this.#changed();
			first = false;
		});
		return made;
	}
}

function within(value: number, initial: number, limits?: { min: number; max: number }): number {
	if (!Number.isFinite(value)) return initial;
	return limits ? Math.min(limits.max, Math.max(limits.min, value)) : value;
}

function readNumbers(initial: readonly number[]): (text: string) => readonly number[] {
	return (text) => {
		const list = text.split("_").map(Number);
		return text !== "" && list.every(Number.isFinite) ? list : initial;
	};
}

function short(value: number): string {
	return String(Number(value.toPrecision(6)));
}
