// Questions to answer before a result is seen.

interface Prediction {
	readonly question: string;
	readonly options: readonly { readonly text: string; readonly because: string }[];
	readonly right: number;
}

export const TOUCHING_DISCS: Prediction = {
	question:
		"The net draws two true neighbours as equal discs whose centres lie 1.1 radii apart. Their IoU is 0.20; what they share is 0.34 of a disc. StarDist runs with τ = 0.3. What happens?",
	options: [
		{
			text: "Both stay, because 0.20 is below 0.3.",
			because: "That would hold if τ meant IoU. It does not.",
		},
		{
			text: "The less likely one is deleted: a true nucleus is missed.",
			because: "StarDist divides by the smaller area, and 0.34 is above 0.3.",
		},
		{
			text: "The two are merged into one object.",
			because: "Suppression never merges: a star stays as it is, or goes.",
		},
		{ text: "Only the colours of the labels change.", because: "One of the two objects is gone." },
	],
	right: 1,
};

export const LOWER_PROBABILITY: Prediction = {
	question:
		"You lower the probability threshold from 0.5 to 0.2. What is certain, but for stars at the picture's edge?",
	options: [
		{
			text: "All stars that stayed before still stay.",
			because:
				"New candidates are less likely than all old ones, so they speak later and cannot remove them.",
		},
		{
			text: "Some that stayed before may now be removed.",
			because: "Only a likelier star removes another, and the new ones are less likely.",
		},
		{ text: "The number of objects stays the same.", because: "New stars may stand where no other lies." },
		{ text: "There are fewer objects.", because: "None of the old ones can go." },
	],
	right: 0,
};

export const RAISED_TAU: Prediction = {
	question:
		"Three stars with probabilities A 0.9, B 0.8, C 0.7. A and B share 0.35, B and C 0.55, A and C nothing. τ rises from 0.3 to 0.5. Who stays?",
	options: [
		{
			text: "First A and C, then A, B and C.",
			because: "B stays now, and so it removes C: raising τ does not only add objects.",
		},
		{
			text: "First A and C, then A and B.",
			because: "At 0.3 A removes B, and C is safe. At 0.5 B stays, and removes C.",
		},
		{ text: "Nothing changes.", because: "0.35 is above 0.3, but not above 0.5: B stays now." },
		{
			text: "First only A, then A and B.",
			because: "At 0.3 B is removed by A before it can remove C, so C stays at first.",
		},
	],
	right: 1,
};
