// The words around a lesson, in the languages that lessons are written in. What is not here is said in English.

export interface Words {
	readonly language: string;
	readonly minutes: string;
	readonly predictFirst: string;
	readonly commit: string;
	readonly waits: string;
	readonly question: string;
	readonly answer: string;
	readonly right: string;
	readonly notSo: string;
	readonly youWereRight: string;
	readonly notQuite: string;
	readonly rightIs: string;
	readonly openInLab: string;
	readonly runsHere: string;
	readonly exercise: string;
	readonly takeaway: string;
	readonly finder: string;
	readonly facts: string;
	readonly done: string;
	readonly onTo: (title: string) => string;
	readonly toCourse: string;
	readonly lesson: (number: number, of: number) => string;
}

const ENGLISH: Words = {
	language: "Language",
	minutes: "minutes",
	predictFirst: "Predict first",
	commit: "That is what I expect",
	waits: "The lesson goes on when you have said what you expect.",
	question: "Question",
	answer: "Answer",
	right: "✓ right",
	notSo: "✗ not so",
	youWereRight: "You were right.",
	notQuite: "Not quite. Look at the reasons.",
	rightIs: "Right is:",
	openInLab: "Open it in the lab",
	runsHere: "the code that runs in convivo",
	exercise: "Exercise",
	takeaway: "What to take away",
	finder: "My nucleus finder",
	facts: "Numbers underlined like this are computed: a test computes them anew whenever convivo changes.",
	done: "I have read this lesson",
	onTo: (title) => `Done. On to: ${title}`,
	toCourse: "All lessons",
	lesson: (number, of) => `Lesson ${number} of ${of}`,
};

const GERMAN: Words = {
	language: "Sprache",
	minutes: "Minuten",
	predictFirst: "Erst vorhersagen",
	commit: "Das erwarte ich",
	waits: "Die Lektion geht weiter, sobald du gesagt hast, was du erwartest.",
	question: "Frage",
	answer: "Antworten",
	right: "✓ richtig",
	notSo: "✗ nicht so",
	youWereRight: "Du hattest recht.",
	notQuite: "Nicht ganz. Sieh dir die Gründe an.",
	rightIs: "Richtig ist:",
	openInLab: "Im Labor öffnen",
	runsHere: "der Code, der in convivo läuft",
	exercise: "Übung",
	takeaway: "Was bleibt",
	finder: "Mein Zellkernfinder",
	facts: "So unterstrichene Zahlen sind berechnet: Ein Test rechnet sie nach, sooft sich convivo ändert.",
	done: "Ich habe diese Lektion gelesen",
	onTo: (title) => `Fertig. Weiter mit: ${title}`,
	toCourse: "Alle Lektionen",
	lesson: (number, of) => `Lektion ${number} von ${of}`,
};

const WORDS: Readonly<Record<string, Words>> = { en: ENGLISH, de: GERMAN };
const NAMES: Readonly<Record<string, string>> = { en: "English", de: "Deutsch" };

export function wordsOf(language: string): Words {
	return WORDS[language] ?? ENGLISH;
}

/** A language by its own name. */
export function languageName(language: string): string {
	return NAMES[language] ?? new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
}
