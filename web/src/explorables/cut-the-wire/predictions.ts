// What the learner is asked before she sees what happens.

export const NO_SKIPS = {
	question: "all skips are removed, and the net is trained anew, from the start. What comes of it?",
	options: [
		{
			text: "the training fails: gradients vanish",
			because: "That is what the short cuts of a ResNet are for. A U-Net this shallow trains without skips.",
		},
		{
			text: "it finds the nuclei, but their outlines are less exact",
			because:
				"The way down still tells what there is. Where exactly, was lost in the poolings, and no skip brings it back.",
		},
		{ text: "the same result, only faster", because: "Compare the outlines' errors below." },
		{
			text: "the output gets smaller",
			because: "Upsampling brings back the size; skips add channels, not pixels.",
		},
	],
	right: 1,
};

export const CHANNELS = {
	question:
		"32 upsampled channels meet a skip of 32 channels. How many channels does the next convolution read?",
	options: [
		{ text: "32", because: "That would be right if the two were added, as in a ResNet." },
		{ text: "64", because: "A U-Net puts them side by side, and the convolution reads both." },
		{ text: "1024", because: "They are not multiplied." },
		{ text: "16", because: "That is what it may make of them, not what it reads." },
	],
	right: 1,
};

export const SIZES = {
	question:
		"a net with three poolings, whose convolutions keep the size, is given a square picture. Which side goes through unchanged?",
	options: [
		{ text: "100", because: "100, 50, 25: and 25 cannot be halved." },
		{ text: "104", because: "104, 52, 26, 13: three halvings, a multiple of 8." },
		{ text: "108", because: "108, 54, 27: and 27 cannot be halved." },
		{
			text: "any",
			because: "An odd side loses a pixel when it is halved, and does not fit its skip on the way up.",
		},
	],
	right: 1,
};
