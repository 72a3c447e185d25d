// The editor in the page: loaded when an exercise is opened, and told where a draft goes.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ProblemNote } from "../../page/problem-note.tsx";
import { asProblem, type Problem } from "../../page/server.ts";
import type { CodeEditor } from "./code-editor.ts";

interface EditorProps {
	/** What it holds when it is made, and again when `fresh` changes. */
	readonly text: string;
	readonly fresh: number;
	readonly label: string;
	readonly changed: (text: string) => void;
	readonly run: () => void;
}

export function Editor({ text, fresh, label, changed, run }: EditorProps) {
	const host = useRef<HTMLDivElement>(null);
	const problem = useSignal<Problem | null>(null);
	const hands = useRef({ changed, run });
	hands.current = { changed, run };
	const first = useRef(text);
	first.current = text;
	useEffect(() => {
		let editor: CodeEditor | null = null;
		let isHere = true;
		import("./code-editor.ts")
			.then(({ createEditor }) => {
				if (!isHere) return;
				editor = createEditor(host.current as HTMLElement, {
					text: first.current,
					label,
					changed: (to) => hands.current.changed(to),
					run: () => hands.current.run(),
				});
			})
			.catch((error: unknown) => {
				problem.value = asProblem(error);
			});
		return () => {
			isHere = false;
			editor?.destroy();
		};
	}, [label, fresh, problem]);
	return (
		<div class="editor">
			{problem.value && <ProblemNote problem={problem.value} />}
			<div class="editor-host" ref={host} />
			<p class="small soft">
				<kbd>Tab</kbd> indents; to leave the editor, press <kbd>Escape</kbd>, then <kbd>Tab</kbd>.{" "}
				<kbd>Ctrl</kbd> <kbd>Enter</kbd> runs.
			</p>
		</div>
	);
}
