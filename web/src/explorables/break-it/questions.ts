// What a learner commits to before she sees it, and why each answer is given.

export const SURE = {
	question:
		"The net gives its objects a mean probability of 0.99 on a kind of image that it has never seen. What does that mean?",
	options: [
		{
			text: "It is 99 % sure to be right.",
			because:
				"A probability is an answer to the question asked in training: among images like these. It says nothing of others.",
		},
		{
			text: "Little: it was never asked to know what it does not know.",
			because: "Break the image below, and compare how sure the net is with how right it is.",
		},
		{ text: "It is overfitted.", because: "Nets that are not overfitted are sure of strange images too." },
		{
			text: "The image is easy.",
			because: "Turn the image dark on bright: nothing is right, and the net stays sure.",
		},
	],
	right: 1,
};

export const RESCALE = {
	question:
		"A net was trained on nuclei of about 20 pixels. In your new images they are about 60 pixels wide. What do you try first?",
	options: [
		{ text: "Train it again.", because: "That takes new annotations and hours; it may be needed later." },
		{
			text: "Show it the image smaller, so that nuclei have about 20 pixels.",
			because:
				"It costs nothing, and the net sees what it knows. Make the objects large, then rescale below.",
		},
		{ text: "Lower its threshold.", because: "Parts of a nucleus then grow, but stay parts." },
		{ text: "More epochs.", because: "It would only learn more about nuclei of 20 pixels." },
	],
	right: 1,
};

export const OTHER_DAY = {
	question:
		"Treated wells were imaged on Monday, controls on Tuesday. On a random split of the images a net tells them apart in 99 %. What is next?",
	options: [
		{
			text: "Publish.",
			because: "Whatever differed between the days explains 99 % as well as the treatment does.",
		},
		{ text: "More epochs.", because: "It would learn the day even better." },
		{
			text: "Test on other days and plates: it may have read the day.",
			because:
				"Light, focus and background differ from day to day, as the sliders here do, and each is enough to tell Monday by.",
		},
		{ text: "A larger network.", because: "It would find the difference between the days even faster." },
	],
	right: 2,
};
