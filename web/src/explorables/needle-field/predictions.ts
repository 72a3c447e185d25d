// What a learner commits to before she sees.

export const NOTHING = {
	question: "3 % of the pixels are foreground. A net says background everywhere. How is it scored?",
	right: 2,
	options: [
		{ text: "accuracy 3 %", because: "It is wrong for 3 % of the pixels, and right for all others." },
		{ text: "accuracy 50 %", because: "Only if both classes were equally large." },
		{
			text: "accuracy 97 %, Dice 0",
			because: "Accuracy counts the background, which is nearly everything. Dice counts foreground alone.",
		},
		{ text: "accuracy 97 %, Dice 0.97", because: "Dice does not count background that is called so." },
	],
};

export const CROP = {
	question: "you cut away empty border that every net calls background. What changes?",
	right: 1,
	options: [
		{ text: "Dice only", because: "Dice never saw those pixels." },
		{ text: "accuracy only", because: "Only accuracy counts background that is called so." },
		{ text: "both", because: "Only accuracy counts background that is called so." },
		{ text: "neither", because: "Accuracy falls: easy pixels are gone." },
	],
};

export const WEIGHT = {
	question: "the loss of foreground is counted 30 times instead of once. What happens?",
	right: 1,
	options: [
		{ text: "All scores get better.", because: "What recall gains, precision pays." },
		{
			text: "Recall goes up, precision down, and outputs are no longer probabilities.",
			because: "The net says foreground at a lower brightness, where much is background.",
		},
		{ text: "It only learns faster.", because: "The best output itself is another one." },
		{
			text: "Nothing, as long as the threshold is 0.5.",
			because: "An output of 0.5 now means another brightness.",
		},
	],
};
