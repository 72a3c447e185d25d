// What the lab says of folders, models and jobs, and how it is asked. The fields are those of convivo.lab.

import { get, request, send } from "../page/server.ts";

/** A file or folder within a folder that was chosen when the lab was started; "" is that folder itself. */
export interface Place {
	readonly root: number;
	readonly path: string;
}

export interface Root {
	readonly root: number;
	readonly name: string;
	/** Whether it is the lab's own. */
	readonly is_own: boolean;
}

export type EntryKind = "folder" | "image" | "model" | "data";

export interface Entry {
	readonly name: string;
	readonly path: string;
	readonly kind: EntryKind;
	readonly bytes: number | null;
}

export interface Listing extends Place {
	readonly name: string;
	readonly kind: EntryKind;
	readonly entries: readonly Entry[];
	/** How many entries are not listed. */
	readonly left_out: number;
}

export type Method = "unet" | "stardist" | "care" | "n2v";

export interface Model {
	readonly id: string;
	readonly name: string;
	readonly origin: "shipped" | "own" | "lab" | "folder";
	/** Where it lies, in words. */
	readonly where: string;
	readonly method: Method;
	readonly finds: "objects" | "images";
	readonly accuracy: number | null;
	readonly decibels: number | null;
	readonly scored_on: "test" | "selection" | "";
	readonly images: number | null;
	readonly about: string | null;
}

export type JobKind = "predict" | "train" | "check" | "simulate";
export type JobState = "waiting" | "running" | "stopping" | "done" | "stopped" | "failed" | "interrupted";

export interface Job {
	readonly id: string;
	readonly kind: JobKind;
	readonly title: string;
	readonly state: JobState;
	/** Seconds since 1970, as the others. */
	readonly created: number;
	readonly started: number | null;
	readonly ended: number | null;
	readonly progress: number | null;
	/** Seconds. */
	readonly left: number | null;
	readonly now: string;
	readonly about: string;
	readonly total: number;
	readonly done: number;
	readonly failed: number;
	readonly objects: number | null;
	readonly best: number | null;
	readonly problem: string;
	readonly fix: string;
	readonly out: Place | null;
	readonly folder: string;
	/** By which an order names the model that was made. */
	readonly model: string | null;
	readonly can_go_on: boolean;
	readonly result: Told | null;
	readonly last_event: number;
}

export interface Note {
	readonly text: string;
	readonly image: string;
	readonly times: number;
}

export interface MadeFile {
	readonly name: string;
	readonly bytes: number;
}

/** A job with all that one reads beside it. */
export interface WholeJob {
	readonly job: Job;
	readonly order: Readonly<Record<string, unknown>>;
	readonly notes: readonly Note[];
	readonly files: readonly MadeFile[];
	/** The model that a prediction asks. */
	readonly asked_model: string | null;
}

/** How a question names an image: by its place, by the ID under which it was dropped, or as a practice image. */
export type Source = Place | string;

/** An image of a prediction. */
export interface PredictedImage {
	readonly image: string;
	/** null where its folder is no longer among those that were chosen. */
	readonly source: Source | null;
}

export type Level = "fine" | "note" | "warn" | "stop";

/** What one check has to say. */
export interface Finding {
	readonly image: string;
	readonly id: string;
	readonly level: Level;
	readonly measured?: number | null;
	readonly expected?: readonly [number, number] | null;
	readonly evidence: string;
	readonly advice?: string;
	readonly doubt?: number;
}

export type Told =
	| {
			readonly type: "ImageDone";
			readonly number: number;
			readonly image: string;
			readonly path: string;
			readonly objects: number | null;
			readonly notes?: readonly string[];
			readonly findings?: readonly Finding[];
	  }
	| {
			readonly type: "ImageFailed";
			readonly number: number;
			readonly image: string;
			readonly path: string;
			readonly problem: string;
			readonly fix: string;
	  }
	| {
			readonly type: "Predicted";
			readonly done: number;
			readonly failed: number;
			readonly total: number;
			readonly objects: number | null;
			readonly engine: string;
			readonly doubt: string;
	  }
	| {
			readonly type: "Row";
			readonly step: number;
			readonly loss: number;
			readonly progress: number;
			readonly seconds: number;
	  }
	| {
			readonly type: "Validated";
			readonly step: number;
			readonly score: number;
			readonly is_best: boolean;
			readonly pictures: readonly string[];
	  }
	| {
			readonly type: "ModelMade";
			readonly method: Method;
			readonly steps: number;
			readonly best_step: number;
			readonly minutes: number;
			readonly accuracy?: Readonly<Record<string, number>>;
			readonly decibels?: number | null;
			readonly selection?: number;
	  }
	| {
			readonly type: "Checked";
			readonly findings: readonly Finding[];
			readonly level: Level;
			readonly images: number;
			readonly groups: number;
			readonly method: Method;
	  }
	| { readonly type: "Simulated"; readonly out: string; readonly images: number }
	| { readonly type: "Begun" | "Note" | "ImageBegun" | "Finishing" | "Failed" | "Ended" | "Progress" };

export interface Happened {
	readonly number: number;
	/** Seconds since 1970. */
	readonly at: number;
	readonly told: Told;
}

export const roots = () => get<Root[]>("folders");
export const listing = ({ root, path }: Place) =>
	get<Listing>(`folders/${root}?path=${encodeURIComponent(path)}`);
export const models = () => get<Model[]>("models");
export const allJobs = () => get<Job[]>("jobs");
export const wholeJob = (id: string) => get<WholeJob>(`jobs/${id}`);
export const predictedImages = (id: string) => get<PredictedImage[]>(`jobs/${id}/images`);
export const events = (id: string, after: number) =>
	get<{ events: Happened[]; more: boolean }>(`jobs/${id}/events?after=${after}`);
export const order = (asked: object) => send<Job>("POST", "jobs", asked);
export const stop = (id: string) => send<Job>("POST", `jobs/${id}/stop`);
export const goOn = (id: string) => send<Job>("POST", `jobs/${id}/go-on`);
export const remove = (id: string) => send<null>("DELETE", `jobs/${id}`);
export const jobPicture = async (id: string, name: string) =>
	(await request(`jobs/${id}/pictures/${encodeURIComponent(name)}`)).blob();

/** Save what stands at an address under /api as a file of the person's. */
export async function download(path: string, name: string): Promise<void> {
	const url = URL.createObjectURL(await (await request(path)).blob());
	const anchor = document.createElement("a");
	anchor.href = url;
	anchor.download = name;
	anchor.click();
	setTimeout(() => URL.revokeObjectURL(url), 60_000); // browsers begin to read some time after the click
}
