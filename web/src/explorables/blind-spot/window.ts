// The window that a pixel is guessed from: 9 x 9 pixels, in rows, the pixel itself in the middle; and which of them
// a fit may not look at.

export const REACH = 4; // pixels to each side
export const SIDE = 2 * REACH + 1;
export const PLACES = SIDE * SIDE;
export const CENTRE = (PLACES - 1) / 2;

/** What is hidden: nothing, the pixel itself (Noise2Void), or its part of the row (structN2V). */
export type Spot = "open" | "pixel" | "row";

export const SPOTS: readonly Spot[] = ["open", "pixel", "row"];

/** The places of the window that a fit may look at. */
export function seen(spot: Spot): readonly number[] {
	return Array.from({ length: PLACES }, (_, place) => place).filter((place) => {
		if (spot === "pixel") return place !== CENTRE;
		return spot === "open" || Math.floor(place / SIDE) !== REACH;
	});
}
