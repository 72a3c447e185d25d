// The page's one stream of news. A page that is hidden lets go of it: browsers open only six connections to one address.

import { type ReadonlySignal, signal } from "@preact/signals";
import { createParser } from "eventsource-parser";
import { request } from "./server.ts";

type Listener = (value: unknown) => void;

const AGAIN = 1000; // milliseconds until the next try after the stream broke
const listeners = new Map<string, Set<Listener>>();
const connected = signal(true);
let open: AbortController | null = null;

/** Whether the lab is there; false while it does not answer. */
export const isConnected: ReadonlySignal<boolean> = connected;

/** Hear what is published under a topic. "again" is heard whenever the stream was away: ask for what you missed. */
export function on(topic: string, listener: Listener): () => void {
	const heard = listeners.get(topic) ?? new Set();
	listeners.set(topic, heard.add(listener));
	return () => heard.delete(listener);
}

/** Listen for as long as the page is seen. */
export function listen(): void {
	document.addEventListener("visibilitychange", () => (document.hidden ? leave() : void join()));
	if (!document.hidden) void join();
}

function leave(): void {
	open?.abort();
	open = null;
}

async function join(): Promise<void> {
	if (open) return;
	const mine = new AbortController();
	open = mine;
	while (!mine.signal.aborted) {
		try {
			const reply = await request("news", { signal: mine.signal });
			connected.value = true;
			tell("again", null);
			await read(reply);
		} catch {
			if (!mine.signal.aborted) connected.value = false; // said by the bar that shows isConnected
		}
		if (!mine.signal.aborted) await new Promise((done) => setTimeout(done, AGAIN));
	}
}

async function read(reply: Response): Promise<void> {
	const parser = createParser({
		onEvent: (event) => tell(event.event ?? "message", JSON.parse(event.data)),
	});
	const text = new TextDecoder();
	const reader = (reply.body as ReadableStream<Uint8Array>).getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		parser.feed(text.decode(value, { stream: true }));
	}
}

function tell(topic: string, value: unknown): void {
	for (const listener of listeners.get(topic) ?? []) listener(value);
}
