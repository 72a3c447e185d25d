// The page begins: let in, then drawn.

import { render } from "preact";
import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/shell.css";
import { follow, isPaper } from "./page/address.ts";
import { App } from "./page/app.tsx";
import { listen } from "./page/news.ts";
import { list } from "./page/pictures.ts";
import { ProblemNote } from "./page/problem-note.tsx";
import { asProblem, enter } from "./page/server.ts";

const root = document.getElementById("app") as HTMLElement;

async function begin(): Promise<void> {
	await enter();
	follow();
	await list(); // refused unless the page was let in
	render(<App />, root);
	if (!isPaper()) listen(); // who prints waits until nothing more is loading, and news would never end
}

begin().catch((error: unknown) => render(<ProblemNote problem={asProblem(error)} />, root));
