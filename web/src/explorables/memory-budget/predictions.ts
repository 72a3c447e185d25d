// What a learner commits to before she sees.

export const HALO = {
	question: "the smallest halo with which tiles give exactly the answer for the whole image follows from …",
	right: 1,
	options: [
		{
			text: "the size of the tiles",
			because: "Seams come from what a pixel at the edge of a tile does not see.",
		},
		{
			text: "how far the net sees, rounded up to a multiple of its pooling",
			because: "Then every kept pixel sees all it would see in the whole image, grouped the same way.",
		},
		{ text: "the size of the image", because: "A pixel never sees further than the net's field." },
		{ text: "the memory of the card", because: "That limits tile and halo together." },
	],
};

export const BRIGHTNESS = {
	question: "the halo is large enough, and still the answer steps at the edges of tiles. What is likely?",
	right: 1,
	options: [
		{ text: "pooling", because: "With an aligned halo the poolings group the same pixels." },
		{
			text: "each tile was normalised by itself",
			because: "The same pixel then has another value in each tile. No halo helps.",
		},
		{ text: "too short a training", because: "That would be the same in all tiles." },
		{ text: "the wrong loss", because: "That would be the same in all tiles." },
	],
};

export const DOUBLED = {
	question: "you double the side of a tile. What happens to the memory?",
	right: 1,
	options: [
		{ text: "four times as many weights", because: "Weights are the same for every place." },
		{
			text: "maps take four times as much, weights the same",
			because: "Each map has four times as many pixels.",
		},
		{ text: "both double", because: "A tile has two sides." },
		{ text: "maps double", because: "A tile has two sides." },
	],
};
