// The screens of work, written out.

import type { ComponentType } from "preact";
import "./work.css";
import "./places/places.css";
import "./train/ways.css";
import "./jobs/jobs.css";
import "./findings.css";
import "./train/training.css";
import "./predict/results.css";
import "./correct/correct.css";
import "./look/look.css";
import { CheckScreen } from "./check/check-screen.tsx";
import { CorrectScreen } from "./correct/correct-screen.tsx";
import { sendAll } from "./correct/corrections.ts";
import { JobsScreen } from "./jobs/jobs-screen.tsx";
import { takeAll } from "./places/dropped.ts";
import { PredictScreen } from "./predict/predict-screen.tsx";
import { TrainScreen } from "./train/train-screen.tsx";

export interface WorkScreen {
	/** As it stands in the address. */
	readonly name: string;
	readonly title: string;
	readonly about: string;
	/** `rest` is what follows the name in the address, such as the number of a job. */
	readonly Screen: ComponentType<{ readonly rest: string }>;
	/** What becomes of files that are dropped on it. */
	readonly take?: (files: readonly File[]) => void;
}

export const SCREENS: readonly WorkScreen[] = [
	{
		name: "work/predict",
		title: "Predict",
		about:
			"Find the objects in your images, or restore them, and look at what speaks against believing the result.",
		Screen: PredictScreen,
		take: (files) => void takeAll(files),
	},
	{
		name: "work/train",
		title: "Train",
		about: "Teach a net with your own images, or with practice images, and watch it learn.",
		Screen: TrainScreen,
	},
	{
		name: "work/check",
		title: "Check data",
		about: "Find what would spoil a training before it takes hours.",
		Screen: CheckScreen,
	},
	{
		name: "work/correct",
		title: "Correct labels",
		about: "Mend labels in Fiji, drop them back, and let a model learn from them: a walk in five steps.",
		Screen: CorrectScreen,
		take: (files) => void sendAll(files),
	},
	{
		name: "work/jobs",
		title: "Jobs",
		about: "Everything that was started here: what runs, what is done, what can go on.",
		Screen: JobsScreen,
	},
];
