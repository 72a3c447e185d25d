// The editor: CodeMirror with Python. It stands in a shadow root, because there its styles are style sheets made by
// script, which the page's policy allows, and no <style> elements, which it refuses.
//
// Tab indents. Whoever presses Escape first gets to the next control with Tab (CodeMirror's own way out).

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import {
	drawSelection,
	EditorView,
	highlightActiveLine,
	highlightActiveLineGutter,
	keymap,
	lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

export interface CodeEditor {
	set(text: string): void;
	focus(): void;
	destroy(): void;
}

interface EditorOptions {
	readonly text: string;
	/** What it is, for those who do not see it. */
	readonly label: string;
	readonly changed: (text: string) => void;
	readonly run: () => void;
}

/** Make an editor in an element that holds nothing. */
export function createEditor(host: HTMLElement, { text, label, changed, run }: EditorOptions): CodeEditor {
	const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
	const fresh = (doc: string) =>
		EditorState.create({
			doc,
			extensions: [
				keymap.of([
					{
						key: "Mod-Enter",
						run: () => {
							run();
							return true;
						},
					},
					indentWithTab,
					...defaultKeymap,
					...historyKeymap,
				]),
				TYPE_OVER,
				...LOOKS,
				EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }), // what scrolls holds what takes the focus
				EditorView.updateListener.of((update) => {
					if (update.docChanged) changed(update.state.doc.toString());
				}),
			],
		});
	const view = new EditorView({ state: fresh(text), parent: root, root });
	return {
		set(to) {
			view.setState(fresh(to)); // with an empty history: undo does not lead back behind a fresh start
		},
		focus() {
			view.focus();
		},
		destroy() {
			view.destroy();
		},
	};
}

const THEME = EditorView.theme({
	"&": {
		color: "var(--ink)",
		backgroundColor: "var(--surface)",
		border: "1px solid var(--line-strong)",
		borderRadius: "var(--round)",
		fontSize: "var(--type-small)",
	},
	"&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
	".cm-scroller": {
		fontFamily: "var(--face-code)",
		lineHeight: "1.6",
		minHeight: "16rem",
		maxHeight: "34rem",
	},
	".cm-content": { padding: "var(--space-2) 0", caretColor: "var(--ink)" },
	".cm-gutters": {
		color: "var(--ink-soft)",
		backgroundColor: "var(--surface)",
		borderRight: "1px solid var(--line)",
	},
	".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
	".cm-cursor": { borderLeftColor: "var(--ink)" },
	"&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
		backgroundColor: "var(--accent-soft)",
	},
	"&.cm-focused .cm-matchingBracket": {
		backgroundColor: "transparent",
		outline: "1px solid var(--accent)",
	},
	".tok-keyword": { color: "var(--code-keyword)" },
	".tok-string, .tok-string2": { color: "var(--code-string)" },
	".tok-number, .tok-bool, .tok-atom": { color: "var(--code-number)" },
	".tok-comment": { color: "var(--ink-soft)", fontStyle: "italic" },
	".tok-definition": { fontWeight: "600" },
});

// Browsers that type over a selection give the new text the old one's look by an inline style, which the page's policy
// refuses with an error in the console. So the editor does it itself.
const TYPE_OVER = EditorView.domEventHandlers({
	beforeinput(event, view) {
		const text = event.data;
		if (event.inputType !== "insertText" || event.isComposing || !text || view.state.selection.main.empty) {
			return false;
		}
		view.dispatch(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
		return true;
	},
});

const LOOKS: readonly Extension[] = [
	lineNumbers(),
	history(),
	drawSelection(),
	indentOnInput(),
	bracketMatching(),
	highlightActiveLine(),
	highlightActiveLineGutter(),
	indentUnit.of("    "),
	EditorState.tabSize.of(4),
	python(),
	syntaxHighlighting(classHighlighter),
	THEME,
];
