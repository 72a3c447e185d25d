// Nets to begin with.

export const PRESETS: readonly (readonly [string, string])[] = [
	["Four levels", "c3 c3 p2 c3 c3 p2 c3 c3 p2 c3"],
	["conv, then pool", "c3 p2"],
	["pool, then conv", "p2 c3"],
	["Five convolutions", "c3 c3 c3 c3 c3"],
	["Dilated", "c3 c3d2 c3d4"],
	["Down and up again", "c3 c3 p2 c3 c3 u2 c3 c3"],
];
