// Which part of a picture is seen, and how large: arithmetic of zoom and pan, without a page.

/** A picture pixel (x, y) is seen at `scale * (x - left)`, `scale * (y - top)` of the frame, in its pixels. */
export interface View {
	readonly scale: number;
	readonly left: number;
	readonly top: number;
}

export interface Size {
	readonly width: number;
	readonly height: number;
}

const CLOSEST = 32; // pixels of the screen for one of the picture

/** All of the picture, in the middle of the frame. */
export function fitted(picture: Size, frame: Size): View {
	const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
	return kept({ scale, left: 0, top: 0 }, picture, frame);
}

/** Larger by a factor, with what lies under (x, y) of the frame held still. */
export function zoomed(view: View, factor: number, x: number, y: number, picture: Size, frame: Size): View {
	const least = fitted(picture, frame).scale;
	const scale = Math.min(Math.max(CLOSEST, least), Math.max(least, view.scale * factor));
	const left = view.left + x / view.scale - x / scale;
	const top = view.top + y / view.scale - y / scale;
	return kept({ scale, left, top }, picture, frame);
}

/** Moved by (x, y) pixels of the frame, as a hand pushes the picture. */
export function moved(view: View, x: number, y: number, picture: Size, frame: Size): View {
	return kept({ ...view, left: view.left - x / view.scale, top: view.top - y / view.scale }, picture, frame);
}

/** The nearest view in which a box lies within the frame, with a margin; the same view where it does already. */
export function showing(view: View, box: Box, picture: Size, frame: Size): View {
	const margin = 24 / view.scale;
	const wide = frame.width / view.scale;
	const high = frame.height / view.scale;
	const isSeen =
		box.left >= view.left &&
		box.top >= view.top &&
		box.right <= view.left + wide &&
		box.bottom <= view.top + high;
	if (isSeen) return view;
	const left = near(view.left, box.right + margin - wide, box.left - margin);
	const top = near(view.top, box.bottom + margin - high, box.top - margin);
	return kept({ ...view, left, top }, picture, frame);
}

/** In picture pixels; right and bottom are the edges behind the last pixel. */
export interface Box {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

function near(value: number, least: number, most: number): number {
	return least > most ? (least + most) / 2 : Math.min(most, Math.max(least, value));
}

/** No farther than the picture's ends; one that is smaller than the frame stands in its middle. */
function kept(view: View, picture: Size, frame: Size): View {
	const along = (start: number, length: number, seen: number) =>
		seen >= length ? (length - seen) / 2 : Math.min(length - seen, Math.max(0, start));
	return {
		scale: view.scale,
		left: along(view.left, picture.width, frame.width / view.scale),
		top: along(view.top, picture.height, frame.height / view.scale),
	};
}
