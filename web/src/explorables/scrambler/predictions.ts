// What a learner commits to before she sees.

export const SCRAMBLED = {
	question: "all images, old and new, get their pixels mixed up in the same way. Which net suffers?",
	right: 1,
	options: [
		{ text: "both", because: "To a fully connected net every order of its inputs is the same." },
		{
			text: "only the convolutional net",
			because: "It looks for patterns of neighbours, and neighbours are no neighbours any more.",
		},
		{
			text: "only the fully connected net",
			because: "Each of its inputs has its own weights; where an input stands does not matter.",
		},
		{ text: "neither", because: "Nothing is lost, but the convolutional net cannot find it." },
	],
};
