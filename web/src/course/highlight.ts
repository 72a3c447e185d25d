// Python in colours, by the grammar that the editor has too.

import { pythonLanguage } from "@codemirror/lang-python";
import { classHighlighter, highlightCode } from "@lezer/highlight";

/** The code as elements with the classes tok-…, which course.css and the editor give their colours. */
export function highlighted(code: string): DocumentFragment {
	const made = document.createDocumentFragment();
	highlightCode(
		code.replace(/\n$/, ""),
		pythonLanguage.parser.parse(code),
		classHighlighter,
		(text, classes) => {
			if (!classes) return made.append(text);
			const span = document.createElement("span");
			span.className = classes;
			span.textContent = text;
			made.append(span);
		},
		() => made.append("\n"),
	);
	return made;
}
