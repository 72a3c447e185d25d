// Nets to begin with.

const DOWN = "c3 c3 p2";
const UP = "u2 c3 c3";

export const PRESETS: readonly (readonly [string, string])[] = [
	["Four levels", "c3 c3 p2 c3 c3 p2 c3 c3 p2 c3"],
	["conv, then pool", "c3 p2"],
	["pool, then conv", "p2 c3"],
	["Five convolutions", "c3 c3 c3 c3 c3"],
	["Dilated", "c3 c3d2 c3d4"],
	["Down and up again", "c3 c3 p2 c3 c3 u2 c3 c3"],
	// of shipped nets the chain of layers; a skip adds detail and no width, so it is left out
	["Shipped: nuclei", `c5s2 ${DOWN} ${DOWN} ${DOWN} c3 c3 ${UP} ${UP} ${UP} c3 c1`],
	["Shipped: nuclei-unet", `${DOWN} ${DOWN} ${DOWN} c3 c3 ${UP} ${UP} ${UP} c1`],
	["Shipped: nuclei-care", `${DOWN} ${DOWN} c3 c3 ${UP} ${UP} c1`],
];
