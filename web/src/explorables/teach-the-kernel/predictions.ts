// What a learner commits to before she sees.

export const FLAT = {
	question:
		"the only image to learn from is white everywhere. The loss goes to 0. Which 3 × 3 kernel was learned?",
	right: 2,
	options: [
		{ text: "the true one", because: "Every kernel with the same sum makes the same of a white image." },
		{ text: "zeros", because: "Then the output would be black, and the loss large." },
		{
			text: "any kernel whose weights sum to what the true ones sum to",
			because: "One number is all that a flat image tells. Eight directions stay as they began.",
		},
		{ text: "a 1 in the middle", because: "That is one of many, and nothing prefers it." },
	],
};
