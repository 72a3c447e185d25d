// What a learner commits to before she sees.

export const OTHER = {
	question:
		"the net learned from pairs of nuclei. It is given filaments with the same noise. What comes out?",
	right: 2,
	options: [
		{
			text: "the right filaments, for the noise is the same",
			because: "What is noise it knows only beside nuclei.",
		},
		{ text: "an error message", because: "A net answers whatever it is given." },
		{
			text: "something that looks right and may be wrong",
			because: "It draws what nuclei would need: filaments break, and gaps between them fill.",
		},
		{ text: "the image as it was", because: "It has learned to change what it sees." },
	],
};

export const SHIFTED = {
	question: "in every pair the bright image lies 2 pixels further right than the dark one. What is learned?",
	right: 1,
	options: [
		{ text: "to ignore that", because: "Nobody told it which of the two is right." },
		{ text: "to shift", because: "Moving what it sees to the right is what makes the loss small." },
		{ text: "nothing", because: "A shift can be learned as well as anything." },
		{ text: "to denoise better", because: "It denoises about as well, at the wrong place." },
	],
};
