// The learner's program as a file: the lab adds the exercise's text, and its checks behind it.

import { request } from "../../page/server.ts";
import { save } from "../save.ts";

const KINDS = { py: "text/x-python", ipynb: "application/x-ipynb+json" };

/** Put the program among the browser's downloads. Rejects with a Problem. */
export async function download(exercise: string, source: string, form: keyof typeof KINDS): Promise<void> {
	const body = JSON.stringify({ source, form });
	const reply = await request(`course/exercises/${exercise}/taken`, { method: "POST", body });
	save(`${exercise}.${form}`, await reply.text(), KINDS[form]);
}
