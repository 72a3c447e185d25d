// What a layer costs: weights to learn and multiplications to do.

export interface Stack {
	/** Channels that come in. */
	readonly channels: number;
	/** Filters, and so channels that go out. */
	readonly filters: number;
	/** Side of a kernel. */
	readonly kernel: number;
	/** Side of the image, and of each map that goes out. */
	readonly side: number;
}

export interface Costs {
	readonly weights: number;
	readonly biases: number;
	readonly parameters: number;
	/** Multiply-adds for one image. */
	readonly multiplyAdds: number;
}

/** A convolutional layer: every filter has a kernel for every channel, and one bias. */
export function convolutional({ channels, filters, kernel, side }: Stack): Costs {
	const weights = channels * filters * kernel ** 2;
	return costs(weights, filters, weights * side ** 2);
}

/** A fully connected layer with the same output: every value that goes out sees every value that comes in. */
export function fullyConnected({ channels, filters, side }: Stack): Costs {
	const into = channels * side ** 2;
	const out = filters * side ** 2;
	return costs(into * out, out, into * out);
}

function costs(weights: number, biases: number, multiplyAdds: number): Costs {
	return { weights, biases, parameters: weights + biases, multiplyAdds };
}
