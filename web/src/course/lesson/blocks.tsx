// What a lesson consists of, block by block.

import { Prose } from "../prose.tsx";
import { Question } from "../question.tsx";
import type { Block, ExerciseLine } from "../told.ts";
import type { Words } from "../words.ts";
import { Code } from "./code.tsx";
import { ExerciseCard } from "./exercise-card.tsx";
import { Live } from "./live.tsx";

interface BlocksProps {
	/** As progress calls the page. */
	readonly page: string;
	readonly blocks: readonly Block[];
	readonly exercises: readonly ExerciseLine[];
	readonly words: Words;
}

export function Blocks({ page, blocks, exercises, words }: BlocksProps) {
	return (
		<>
			{blocks.map((block, number) => (
				<One key={number} page={page} block={block} exercises={exercises} words={words} />
			))}
		</>
	);
}

interface OneProps extends Omit<BlocksProps, "blocks"> {
	readonly block: Block;
}

function One({ page, block, exercises, words }: OneProps) {
	switch (block.kind) {
		case "text":
			return <Prose html={block.html} />;
		case "predict":
		case "question":
			return (
				<Question
					page={page}
					question={block.question}
					words={words}
					isPrediction={block.kind === "predict"}
				/>
			);
		case "explorable":
			return <Live {...block} words={words} />;
		case "code":
			return <Code {...block} words={words} />;
		case "exercise":
			return (
				<ExerciseCard exercise={exercises.find((each) => each.name === block.name) ?? null} words={words} />
			);
		case "takeaway":
			return (
				<section class="takeaway">
					<h2>{words.takeaway}</h2>
					<Prose html={block.html} />
				</section>
			);
		case "finder":
			return (
				<section class="finder">
					<h2>{words.finder}</h2>
					<Prose html={block.html} />
				</section>
			);
		case "notes":
			return null;
	}
}
