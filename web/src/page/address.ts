// The address bar: `#/SCREEN?name=value&…`. It says which screen is open and how its view is set, so that it can be sent.

import { type ReadonlySignal, signal } from "@preact/signals";

export interface Address {
	/** Such as "kernel-bench" or "work/jobs/12"; empty on the first page. */
	readonly screen: string;
	readonly values: readonly (readonly [string, string])[];
}

const SETTLED = 150; // milliseconds without change, after which the address is written

const current = signal<Address>(read(location.hash));
let timer: ReturnType<typeof setTimeout> | undefined;

/** Where the page is. It changes when the person goes somewhere, not when a view writes its own values down. */
export const address: ReadonlySignal<Address> = current;

/** Whatever of the address is set for a view is written down; the newest of many changes is enough. */
export function write(screen: string, values: () => readonly (readonly [string, string])[]): void {
	clearTimeout(timer);
	timer = setTimeout(() => {
		if (current.peek().screen === screen) history.replaceState(null, "", link(screen, values()));
	}, SETTLED);
}

/** The address of a screen, for links. */
export function link(screen: string, values: Iterable<readonly [string, string]> = []): string {
	const said = new URLSearchParams([...values].map(([name, value]) => [name, value])).toString();
	return `#/${screen}${said && `?${said}`}`;
}

/** Go to a screen. */
export function go(screen: string, values: Iterable<readonly [string, string]> = []): void {
	location.hash = link(screen, values);
}

/** Listen to the browser: links, back and forth, an address that was pasted. */
export function follow(): void {
	addEventListener("hashchange", () => {
		clearTimeout(timer);
		current.value = read(location.hash);
	});
	current.value = read(location.hash);
}

/** Whether the page is laid out to be printed. */
export function isPaper(): boolean {
	return current.peek().values.some(([name, value]) => name === "view" && value === "paper");
}

function read(hash: string): Address {
	const [path = "", values = ""] = hash.replace(/^#\/?/, "").split("?");
	return { screen: decodeURIComponent(path), values: [...new URLSearchParams(values)] };
}
