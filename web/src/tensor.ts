// Arrays as they come from Python: typed, in C order, with their shape.

export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** An array with its shape, such as (Y, X). */
export interface Tensor<Data extends Numbers = Numbers> {
	readonly shape: readonly number[];
	readonly data: Data;
}

const KINDS: Record<string, (buffer: ArrayBuffer) => Numbers> = {
	float32: (buffer) => new Float32Array(buffer),
	float64: (buffer) => new Float64Array(buffer),
	int32: (buffer) => new Int32Array(buffer),
	uint8: (buffer) => new Uint8Array(buffer),
	uint16: (buffer) => new Uint16Array(buffer),
	uint32: (buffer) => new Uint32Array(buffer),
};

/** The value with every packed array {dtype, shape, data} in it made a tensor. */
export function withTensors(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withTensors);
	if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
	const fields = value as Record<string, unknown>;
	if (typeof fields.dtype === "string" && fields.data instanceof Uint8Array) return tensor(fields);
	return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, withTensors(field)]));
}

function tensor(packed: Record<string, unknown>): Tensor {
	const make = KINDS[packed.dtype as string];
	if (!make) throw new TypeError(`arrays of ${packed.dtype} do not travel to the page`);
	// sliced, because the bytes lie anywhere in the message and typed arrays begin at multiples of their size
	const bytes = (packed.data as Uint8Array).slice();
	return { shape: packed.shape as number[], data: make(bytes.buffer) };
}
