// The screens of work, written out.

import type { ComponentType } from "preact";

export interface WorkScreen {
	/** As it stands in the address. */
	readonly name: string;
	readonly title: string;
	readonly about: string;
	/** `rest` is what follows the name in the address, such as the number of a job. */
	readonly Screen: ComponentType<{ readonly rest: string }>;
}

export const SCREENS: readonly WorkScreen[] = [];
