// What the learner is asked before she sees what happens.

export const OPEN_SPOT = {
	question:
		"somebody forgets to hide the pixel, so the fit may look at the very pixel that it must guess. Its loss goes to nearly 0. What is its result?",
	options: [
		{
			text: "a well denoised picture",
			because: "A low loss is only good where it cannot be had by copying.",
		},
		{
			text: "the noisy picture again",
			because: "The best guess of a pixel is then the pixel itself: weight 1 in the middle, 0 around it.",
		},
		{ text: "a blurred picture", because: "Blurring would cost loss; copying costs none." },
		{ text: "a black picture", because: "Black is a bad guess nearly everywhere." },
	],
	right: 1,
};

export const STRIPES = {
	question:
		"a camera makes noise that runs along rows. The pixel is hidden. What does the fit do with the streaks?",
	options: [
		{ text: "it removes them", because: "It removes only what neighbours do not tell." },
		{
			text: "it keeps them",
			because:
				"The neighbours in the row carry the same noise, so it can be guessed from them, as the picture can.",
		},
		{ text: "it removes the cells", because: "The cells can be guessed from neighbours too; they stay." },
		{ text: "it finds no weights", because: "There are always best weights." },
	],
	right: 1,
};

export const LOSS = {
	question: "the noise has a variance of 0.04, and the loss stops falling at 0.04. What does that mean?",
	options: [
		{ text: "it has learned too little", because: "There is nothing left to learn." },
		{
			text: "all is as it should be",
			because: "It is compared with noisy pixels. Even a perfect guess differs from them by their noise.",
		},
		{ text: "it has learned the images by heart", because: "Then the loss would be below the noise." },
		{ text: "a part of the pixel has leaked in", because: "Then, too, the loss would be below the noise." },
	],
	right: 1,
};
