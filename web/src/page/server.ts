// Talking with the lab: every request carries the token that came behind the # of the opened address.

import { decode } from "@msgpack/msgpack";
import type { Ask } from "../bench.ts";
import { withTensors } from "../tensor.ts";

const TOKEN = "convivo-token";

/** What went wrong and what to do, as Python says it. */
export class Problem extends Error {
	readonly problem: string;
	readonly fix: string;
	readonly status: number;

	constructor(problem: string, fix: string, status: number) {
		super(`${problem}. ${fix}`);
		this.problem = problem;
		this.fix = fix;
		this.status = status;
	}
}

/** Any error as a problem with its fix. */
export function asProblem(error: unknown): Problem {
	if (error instanceof Problem) return error;
	const told = error instanceof Error ? error.message : String(error);
	return new Problem(`the page failed: ${told}`, "reload the page, and report it if it happens again", 0);
}

/** Take the token, or the ticket for one, out of the address; true if the page may ask. */
export async function enter(): Promise<boolean> {
	const given = new URLSearchParams(location.hash.replace(/^#\/?/, ""));
	const token = given.get("token");
	const ticket = given.get("ticket");
	if (token || ticket) history.replaceState(null, "", `#/${given.get("page") ?? ""}`);
	if (token) localStorage.setItem(TOKEN, token);
	if (ticket) await exchange(ticket);
	return localStorage.getItem(TOKEN) !== null;
}

async function exchange(ticket: string): Promise<void> {
	const reply = await fetch("/api/token", { method: "POST", body: JSON.stringify({ ticket }) });
	if (reply.ok) localStorage.setItem(TOKEN, ((await reply.json()) as { token: string }).token);
}

/** Ask the lab for anything under /api; rejects with a Problem unless it says yes. */
export async function request(path: string, options: RequestInit = {}): Promise<Response> {
	const headers = new Headers(options.headers);
	headers.set("Authorization", `Bearer ${localStorage.getItem(TOKEN) ?? ""}`);
	let reply: Response;
	try {
		reply = await fetch(`/api/${path}`, { ...options, headers });
	} catch (error) {
		if (options.signal?.aborted) throw error;
		throw new Problem("the lab does not answer", "is `convivo lab` still running? start it again", 0);
	}
	if (!reply.ok) throw await problemOf(reply);
	return reply;
}

async function problemOf(reply: Response): Promise<Problem> {
	const text = await reply.text();
	try {
		const told = JSON.parse(text) as { problem: string; fix: string };
		return new Problem(told.problem, told.fix, reply.status);
	} catch {
		return new Problem(`the lab answered ${reply.status}`, "look at what its terminal prints", reply.status);
	}
}

/** JSON of an address. */
export async function get<Value>(path: string, signal?: AbortSignal): Promise<Value> {
	return (await (await request(path, signal ? { signal } : {})).json()) as Value;
}

/** Send JSON; gives what comes back, or null where nothing does. */
export async function send<Value>(method: string, path: string, body?: object): Promise<Value> {
	const reply = await request(path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
	const text = await reply.text();
	return (text ? JSON.parse(text) : null) as Value;
}

/** Ask the worker. */
export const ask: Ask = async <Answer>(question: string, asked: object, abort?: AbortSignal) => {
	const reply = await request(`ask/${question}`, {
		method: "POST",
		body: JSON.stringify(asked),
		...(abort ? { signal: abort } : {}),
	});
	return withTensors(decode(await reply.arrayBuffer())) as Answer;
};
