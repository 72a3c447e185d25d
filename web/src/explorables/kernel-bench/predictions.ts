// What a learner commits to before she sees.

export const OFFSET = {
	question:
		"A camera adds 100 to every pixel. What does that do to the output of Sobel x, away from the border?",
	right: 2,
	options: [
		{ text: "It grows by 100.", because: "That would be a mean, whose weights sum to 1." },
		{ text: "It grows by 800.", because: "That is the sum of the weights without their signs." },
		{ text: "Nothing.", because: "Its weights sum to 0, so whatever is added to all pixels cancels." },
		{ text: "It depends on the image.", because: "100 × the sum of the weights is the same everywhere." },
	],
};

export const FLIP = {
	question:
		"SciPy's convolve and torch's conv2d agree for a Gaussian and have opposite signs for Sobel x. Why?",
	right: 0,
	options: [
		{
			text: "torch does not turn the kernel, and a Gaussian looks the same when it is turned.",
			because: "What nets call convolution is correlation. Turned by half, Sobel x becomes its negative.",
		},
		{ text: "torch divides by the sum of the weights.", because: "It does not; Sobel's sum is 0." },
		{ text: "They pad differently.", because: "That would change the border alone." },
		{ text: "They round differently.", because: "Rounding does not turn signs." },
	],
};

export const SHRINK = {
	question: "512 × 512 pixels go through five 3 × 3 convolutions without padding. What comes out?",
	right: 2,
	options: [
		{ text: "512 × 512", because: "Without padding the kernel cannot stand on the border." },
		{ text: "510 × 510", because: "Every layer loses a pixel at each side, not only the first." },
		{ text: "502 × 502", because: "Each of five layers loses two pixels." },
		{ text: "497 × 497", because: "That would be three pixels a layer." },
	],
};

export const PARAMETERS = {
	question:
		"Two channels (DAPI and GFP) go into a layer of 16 filters of 3 × 3, with biases. How many parameters has it?",
	right: 1,
	options: [
		{ text: "160", because: "That has one kernel for each filter; each filter has one for every channel." },
		{ text: "304", because: "16 × (2 × 9 + 1)." },
		{ text: "34", because: "That counts one filter's weights twice." },
		{ text: "It depends on the size of the image.", because: "That is so for a fully connected layer." },
	],
};

export const SEEN = {
	question: "From what is one value of one map of that layer computed?",
	right: 2,
	options: [
		{ text: "from the DAPI neighbourhood", because: "Filters do not take turns among the channels." },
		{ text: "from the GFP neighbourhood", because: "Filters do not take turns among the channels." },
		{ text: "from both neighbourhoods: 18 values and a bias", because: "Their products are added up." },
		{ text: "from the whole image", because: "That is so for a fully connected layer." },
	],
};
