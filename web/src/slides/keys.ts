// Which key does what while slides are shown.

export type Action = "next" | "back" | "first" | "last" | "notes" | "clock" | "full" | "leave";

const ACTIONS: Readonly<Record<string, Action>> = {
	ArrowRight: "next",
	PageDown: "next", // what remote controls send
	" ": "next",
	ArrowLeft: "back",
	PageUp: "back",
	Home: "first",
	End: "last",
	n: "notes",
	t: "clock",
	f: "full",
	Escape: "leave",
};

/** What is controlled by arrows and letters itself keeps them; page keys turn slides everywhere. */
const OWN = "input, select, textarea, button, summary, [tabindex], [role=slider], [contenteditable]";
const EVERYWHERE = ["PageDown", "PageUp", "Escape"];

/** What a pressed key means, or nothing. */
export function actionOf(event: KeyboardEvent): Action | undefined {
	if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return undefined;
	const target = event.target as Element | null;
	if (!EVERYWHERE.includes(event.key) && target?.closest(OWN)) return undefined;
	return ACTIONS[event.key];
}

/** The slide that an action leads to, of so many. */
export function turned(action: Action, number: number, count: number): number {
	if (action === "next") return Math.min(number + 1, count - 1);
	if (action === "back") return Math.max(number - 1, 0);
	if (action === "first") return 0;
	if (action === "last") return count - 1;
	return number;
}
