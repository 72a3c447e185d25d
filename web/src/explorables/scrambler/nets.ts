// Two nets for tiny images, and one step of learning: gradients of the mean cross-entropy over all images, by Adam
// (Kingma, Ba 2015), whose steps are those of torch.

import { normals } from "../../parts/random.ts";
import { type Images, PIXELS, SIDE } from "./images.ts";

export type Kind = "full" | "conv";

/** All parameters of a net in one row, and what it makes of them. */
export interface Net {
	readonly kind: Kind;
	readonly parameters: Float64Array;
	/** How often it has learned. */
	readonly steps: number;
	readonly first: Float64Array;
	readonly second: Float64Array;
}

export const HIDDEN = 8; // of the fully connected net
export const FILTERS = 8; // of the convolutional net, 3 x 3 each
const PLACES = SIDE - 2;
const RATE = 0.02;
const COUNTS: Record<Kind, number> = {
	full: HIDDEN * (PIXELS + 1) + HIDDEN + 1,
	conv: FILTERS * (9 + 1) + FILTERS + 1,
};

/** A net before it has learned anything. */
export function begun(kind: Kind, seed: number): Net {
	const draw = normals(seed);
	const [units, inputs] = kind === "full" ? [HIDDEN, PIXELS] : [FILTERS, 9];
	const parameters = Float64Array.from({ length: COUNTS[kind] }, (_, i) => {
		if (i < units * inputs) return Math.sqrt(2 / inputs) * draw();
		const isWeight = i >= units * (inputs + 1) && i < COUNTS[kind] - 1;
		return isWeight ? Math.sqrt(1 / units) * draw() : 0; // biases begin at 0
	});
	const zeros = () => new Float64Array(parameters.length);
	return { kind, parameters, steps: 0, first: zeros(), second: zeros() };
}

export interface Told {
	/** Mean cross-entropy. */
	readonly loss: number;
	/** The share of images that are said rightly. */
	readonly accuracy: number;
	/** Of the loss, by parameter. */
	readonly gradient: Float64Array;
}

/** What a net says of images, and how the loss changes with each of its parameters. */
export function told({ kind, parameters }: Net, { pixels, labels }: Images): Told {
	const count = labels.length;
	const [units, inputs] = kind === "full" ? [HIDDEN, PIXELS] : [FILTERS, 9];
	const places = kind === "full" ? [0] : CORNERS;
	const offsets = kind === "full" ? EVERY : NINE;
	const biases = units * inputs;
	const heads = biases + units;
	const gradient = new Float64Array(parameters.length);
	const active = new Uint8Array(units * places.length);
	const means = new Float64Array(units);
	let loss = 0;
	let right = 0;
	for (let image = 0; image < count; image++) {
		const start = image * PIXELS;
		let logit = parameters[heads + units]!;
		for (let unit = 0; unit < units; unit++) {
			let sum = 0;
			for (let place = 0; place < places.length; place++) {
				const corner = start + places[place]!;
				let value = parameters[biases + unit]!;
				for (let i = 0, w = unit * inputs; i < inputs; i++, w++)
					value += parameters[w]! * pixels[corner + offsets[i]!]!;
				active[unit * places.length + place] = value > 0 ? 1 : 0;
				if (value > 0) sum += value;
			}
			means[unit] = sum / places.length;
			logit += parameters[heads + unit]! * means[unit]!;
		}
		const label = labels[image]!;
		loss += Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit)));
		if (logit > 0 === (label === 1)) right++;
		const error = (1 / (1 + Math.exp(-logit)) - label) / count;
		gradient[heads + units]! += error;
		for (let unit = 0; unit < units; unit++) {
			gradient[heads + unit]! += error * means[unit]!;
			const back = (error * parameters[heads + unit]!) / places.length;
			for (let place = 0; place < places.length; place++) {
				if (!active[unit * places.length + place]) continue;
				const corner = start + places[place]!;
				gradient[biases + unit]! += back;
				for (let i = 0, w = unit * inputs; i < inputs; i++, w++)
					gradient[w]! += back * pixels[corner + offsets[i]!]!;
			}
		}
	}
	return { loss: loss / count, accuracy: right / count, gradient };
}

const EVERY = Int32Array.from({ length: PIXELS }, (_, i) => i);
const NINE = Int32Array.from({ length: 9 }, (_, i) => Math.floor(i / 3) * SIDE + (i % 3));
const CORNERS = Array.from(
	{ length: PLACES * PLACES },
	(_, i) => Math.floor(i / PLACES) * SIDE + (i % PLACES),
);

/** The net after one more step along a gradient. */
export function stepped(net: Net, gradient: Float64Array): Net {
	const steps = net.steps + 1;
	const first = net.first.map((value, i) => 0.9 * value + 0.1 * gradient[i]!);
	const second = net.second.map((value, i) => 0.999 * value + 0.001 * gradient[i]! ** 2);
	const parameters = net.parameters.map((value, i) => {
		const mean = first[i]! / (1 - 0.9 ** steps);
		const spread = Math.sqrt(second[i]! / (1 - 0.999 ** steps));
		return value - (RATE * mean) / (spread + 1e-8);
	});
	return { kind: net.kind, parameters, steps, first, second };
}
