// A name that nothing else in the page has. Preact's own useId counts within one root, and each explorable is a root of
// its own: in a lesson, the choices of two of them would switch each other off.

import { useRef } from "preact/hooks";

let made = 0;

export function useOwnId(): string {
	const own = useRef("");
	own.current ||= `own-${++made}`;
	return own.current;
}
