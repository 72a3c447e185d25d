// What the lab says of the course, as Python has it (`convivo.course.lesson.blocks`, `convivo.lab.course`).

export interface Option {
	/** Texts are HTML that the lab made from Markdown without HTML. */
	readonly text: string;
	readonly because: string;
	readonly right: boolean;
}

export interface Question {
	readonly id: string;
	readonly text: string;
	readonly options: readonly Option[];
	/** The state of an explorable that illustrates it, "NAME?name=value&…"; or nothing. */
	readonly picture?: string;
}

export type Block =
	| { readonly kind: "text" | "takeaway" | "finder"; readonly html: string }
	| { readonly kind: "notes"; readonly html: string; readonly minutes: number }
	| { readonly kind: "predict" | "question"; readonly question: Question }
	| {
			readonly kind: "explorable";
			readonly name: string;
			readonly values: Readonly<Record<string, string>>;
			readonly caption: string;
	  }
	| { readonly kind: "code"; readonly where: string; readonly source: string; readonly caption: string }
	| { readonly kind: "exercise"; readonly name: string };

export interface Lesson {
	readonly name: string;
	readonly number: number;
	readonly title: string;
	readonly summary: string;
	readonly minutes: number;
	readonly language: string;
	readonly languages: readonly string[];
	readonly blocks: readonly Block[];
}

export interface LessonLine {
	readonly name: string;
	readonly number: number;
	readonly title: string;
	readonly summary: string;
	readonly minutes: number;
	readonly language: string;
	readonly languages: readonly string[];
	readonly questions: number;
	readonly answered: number;
	readonly read: boolean;
	readonly finder: string;
	readonly exercises: readonly string[];
}

export type Rung = "predict" | "parsons" | "fill" | "free";

export interface ExerciseLine {
	readonly name: string;
	readonly title: string;
	readonly summary: string;
	readonly lesson: string;
	readonly minutes: number;
	readonly rungs: readonly Rung[];
	readonly done: readonly Rung[];
}

export interface Overview {
	readonly lessons: readonly LessonLine[];
	readonly exercises: readonly ExerciseLine[];
}

export interface Line {
	readonly text: string;
	readonly place: number;
}

export interface Place {
	readonly before: string;
	readonly after: string;
	readonly indent: number;
}

export interface Puzzle {
	readonly lines: readonly Line[];
	readonly places: readonly Place[];
}

export interface Exercise {
	readonly name: string;
	readonly title: string;
	readonly summary: string;
	readonly lesson: string;
	readonly minutes: number;
	readonly provides: readonly string[];
	readonly rungs: readonly Rung[];
	readonly text: string;
	readonly sources: Readonly<Record<"fill" | "free", string>>;
	readonly puzzle: Puzzle | null;
	readonly predict: Question | null;
	readonly hints: Readonly<Record<string, readonly string[]>>;
	/** What images it asks for; empty where it needs none. */
	readonly data: string;
	/** The folder that it is given; empty where none of the chosen ones fits. */
	readonly offered: string;
}

export interface Isolation {
	readonly level: number;
	readonly contains: readonly string[];
	readonly not_contained: readonly string[];
}

export interface About {
	readonly checks: readonly { readonly name: string; readonly title: string; readonly points: number }[];
	readonly isolation: Isolation;
}

export interface Answered {
	readonly page: string;
	readonly question: string;
	readonly chosen: number;
	readonly right: boolean;
}

export interface Everything {
	readonly answers: readonly Answered[];
	readonly drafts: readonly { readonly exercise: string; readonly rung: string; readonly source: string }[];
	readonly checks: readonly { readonly exercise: string; readonly rung: string; readonly name: string }[];
	readonly rungs: readonly { readonly exercise: string; readonly rung: string }[];
	readonly lessons: readonly { readonly lesson: string }[];
}
