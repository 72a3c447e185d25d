// The speaker's clock: how long the talk has run, and how that compares with the plan.

/** Minutes of the plan at which each slide begins, and the end. */
export function plan(minutes: readonly number[]): readonly number[] {
	const begins = [0];
	for (const each of minutes) begins.push((begins.at(-1) as number) + each);
	return begins;
}

/** How many minutes the speaker is behind the plan while slide `number` is shown; negative: ahead of it; 0: within it. */
export function behind(begins: readonly number[], number: number, elapsed: number): number {
	const from = begins[number] as number;
	const to = begins[number + 1] as number;
	if (elapsed > to) return elapsed - to;
	return elapsed < from ? elapsed - from : 0;
}

/** Minutes as "4:05". */
export function said(minutes: number): string {
	const seconds = Math.round(Math.abs(minutes) * 60);
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The plan against the clock, in words. */
export function comparison(minutes: number): string {
	if (Math.abs(minutes) < 0.5) return "on time";
	return minutes > 0 ? `${said(minutes)} behind` : `${said(minutes)} ahead`;
}
