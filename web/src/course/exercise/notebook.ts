// The learner's program as a notebook, which the lab writes.

import { request } from "../../page/server.ts";

/** The text of an .ipynb file: the exercise's cells of text, and the program's cells of code. */
export async function notebook(exercise: string, source: string): Promise<string> {
	const reply = await request(`course/exercises/${exercise}/notebook`, {
		method: "POST",
		body: JSON.stringify({ source }),
	});
	return reply.text();
}
