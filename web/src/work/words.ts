// Numbers and states as people say them.

import type { JobKind, JobState, Method } from "./lab.ts";

export const STATES: Record<JobState, string> = {
	waiting: "waiting",
	running: "running",
	stopping: "stopping",
	done: "done",
	stopped: "stopped, kept",
	failed: "failed",
	interrupted: "interrupted",
};

export const KINDS: Record<JobKind, string> = {
	predict: "Prediction",
	train: "Training",
	check: "Data check",
	simulate: "Practice data",
};

export const METHODS: Record<Method, string> = {
	unet: "U-Net",
	stardist: "StarDist",
	care: "CARE",
	n2v: "Noise2Void",
};

/** "1 object", "2 objects". */
export function count(number: number, one: string, many = `${one}s`): string {
	return `${grouped(number)} ${number === 1 ? one : many}`;
}

export function grouped(number: number): string {
	return number.toLocaleString("en-GB");
}

/** A time as one would say it: "20 s", "3 min", "1 h 5 min". */
export function duration(seconds: number): string {
	if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 60) return `${minutes} min`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function size(bytes: number): string {
	if (bytes < 1000) return `${bytes} B`;
	if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
	return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** A moment, with its day unless that is today. `seconds` since 1970. */
export function moment(seconds: number, today = new Date()): string {
	const then = new Date(seconds * 1000);
	const time = then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
	if (then.toDateString() === today.toDateString()) return time;
	return `${then.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
}

/** A number with as many digits as tell something. */
export function digits(value: number): string {
	if (!Number.isFinite(value)) return "–";
	const most = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	return value.toFixed(most);
}
