// What a learner commits to before she sees.

export const FIELD = {
	question:
		"Ten layers: conv 3, conv 3, pool, conv 3, conv 3, pool, conv 3, conv 3, pool, conv 3. How many pixels does one output position see, from side to side?",
	right: 1,
	options: [
		{ text: "18", because: "That adds 2 for every convolution, as if no pooling had spread the dots." },
		{
			text: "52",
			because: "Every layer adds (its size − 1) × the step it stands on, and pooling doubles the step.",
		},
		{
			text: "66",
			because: "That doubles the field at every pooling. Pooling doubles the step, not the field.",
		},
		{ text: "128", because: "No layer multiplies the field." },
	],
};

export const ORDER = {
	question: "Net A: conv 3, then pool 2. Net B: pool 2, then conv 3. What do they see?",
	right: 2,
	options: [
		{ text: "both 6", because: "The order matters: a convolution adds more behind a pooling." },
		{
			text: "A 6, B 4",
			because: "That is the rule “pooling doubles the field”, and just the wrong way round.",
		},
		{ text: "A 4, B 6", because: "A: 3 + 1. B: 2 + 2 × 2, because its dots lie two pixels apart." },
		{ text: "both 5", because: "That would be two convolutions." },
	],
};

export const BORDER = {
	question: "Nuclei are 60 pixels wide, the field is 44. What can the net say at the centre of a nucleus?",
	right: 1,
	options: [
		{ text: "It cannot say “inside” at all.", because: "It can: brightness and texture nearby tell it." },
		{
			text: "“Inside”, from what is bright nearby, but not how far the border is.",
			because: "The border lies outside of what it sees.",
		},
		{
			text: "It adapts its field to the nucleus.",
			because: "The field follows from the layers and never changes.",
		},
		{
			text: "With more training it learns the distance.",
			because: "Nothing that it never sees can be learned.",
		},
	],
};

export const INFLUENCE = {
	question:
		"Within the field, how much does a pixel near its rim move the answer, compared with one in the middle?",
	right: 1,
	options: [
		{ text: "as much", because: "The field says what can matter, not how much it does." },
		{
			text: "much less",
			because:
				"Many ways lead from the middle to the answer, and few from the rim. What was learned does the rest.",
		},
		{ text: "more", because: "Few ways lead from the rim to the answer." },
	],
};
