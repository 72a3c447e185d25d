// What a learner commits to before she sees.

export const LEAK = {
	question:
		"patches of a few images are dealt at random: some to learn from, some to validate. Validation says 0.95, a new microscope 0.65. Why?",
	right: 2,
	options: [
		{ text: "bad luck", because: "It comes out like that on average over many draws." },
		{ text: "it has learned too little", because: "Then validation would be low as well." },
		{
			text: "patches of one image are in both sets",
			because: "The learner only had to know the image again, and a new image it has never seen.",
		},
		{ text: "the score is wrong", because: "The score is right for images that it knows." },
	],
};

export const RACE = {
	question:
		"12 teams choose their net by its score on one test set. The best reports 0.89. What do you expect on new images?",
	right: 0,
	options: [
		{ text: "less", because: "Of many tries the luckiest is reported, and luck does not repeat itself." },
		{ text: "0.89", because: "That would be so if the test set had been looked at once." },
		{ text: "more", because: "Nothing was learned by choosing." },
		{ text: "nothing can be said", because: "The direction is known: the best of many is too high." },
	],
};
