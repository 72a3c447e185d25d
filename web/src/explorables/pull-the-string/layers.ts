// A net as a row of layers, and how it is written in the address: "c3 c3 p2 c3s2 c3d4 u2".

export type Kind = "conv" | "pool" | "up";

export interface Layer {
	readonly kind: Kind;
	/** Side of the window of a convolution or pooling; how often an upsampling repeats each position. */
	readonly size: number;
	/** Positions from one window to the next. */
	readonly stride: number;
	/** Positions between neighbours within the window. */
	readonly dilation: number;
}

export const MOST_LAYERS = 24;
const LETTERS: Record<string, Kind> = { c: "conv", p: "pool", u: "up" };
const WRITTEN = /^([cpu])(\d)(?:s(\d))?(?:d(\d))?$/;

/** A convolution that keeps the size of its map. */
export function conv(size = 3, stride = 1, dilation = 1): Layer {
	return { kind: "conv", size, stride, dilation };
}

export const POOL: Layer = { kind: "pool", size: 2, stride: 2, dilation: 1 };
export const UP: Layer = { kind: "up", size: 2, stride: 1, dilation: 1 };

/** Layers as they are written; what is not understood is left out. */
export function read(text: string): readonly Layer[] {
	return text
		.split(" ")
		.map(one)
		.filter((layer) => layer !== null)
		.slice(0, MOST_LAYERS);
}

export function write(layers: readonly Layer[]): string {
	return layers
		.map(({ kind, size, stride, dilation }) => {
			if (kind !== "conv") return `${kind === "pool" ? "p" : "u"}${size}`;
			return `c${size}${stride > 1 ? `s${stride}` : ""}${dilation > 1 ? `d${dilation}` : ""}`;
		})
		.join(" ");
}

function one(text: string): Layer | null {
	const [, letter = "", size = "", stride = "1", dilation = "1"] = WRITTEN.exec(text) ?? [];
	const kind = LETTERS[letter];
	if (kind === "conv" && Number(size) % 2 === 1)
		return conv(Number(size), Math.max(1, Number(stride)), Math.max(1, Number(dilation)));
	if (kind === "pool" && size === "2") return POOL;
	return kind === "up" && size === "2" ? UP : null;
}

/** What a layer is called. */
export function called({ kind, size, stride, dilation }: Layer): string {
	if (kind === "pool") return "pool 2";
	if (kind === "up") return "upsample 2";
	return `conv ${size}${stride > 1 ? `, stride ${stride}` : ""}${dilation > 1 ? `, dilation ${dilation}` : ""}`;
}
