// What a learner commits to before she sees.

export const SHIFTED = {
	question: "the image moves right by one pixel. What does a map do behind max pooling, 2 × 2 with stride 2?",
	right: 3,
	options: [
		{
			text: "It moves by exactly half a pixel.",
			because: "Half a pixel is on no grid: other pixels are pooled together now.",
		},
		{ text: "It does not change.", because: "Only where all four pixels of a square are alike." },
		{ text: "It moves by one pixel.", because: "One value of it stands for two pixels." },
		{
			text: "It can change in a way that is no shift.",
			because: "Each square holds other pixels than before, so other maxima are kept.",
		},
	],
};
