// The page: navigation, and the screen that the address names.

import { computed, signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { COURSE, CourseScreen, entryOf, isCourse } from "../course/index.tsx";
import { EXPLORABLES, GROUPS } from "../explorables/index.ts";
import { Button, Toggle } from "../parts/controls.tsx";
import { SLIDES, Slides } from "../slides/slides.tsx";
import { SCREENS } from "../work/index.ts";
import { address, go, link } from "./address.ts";
import { ExplorableScreen } from "./explorable-screen.tsx";
import { Home } from "./home.tsx";
import { isConnected } from "./news.ts";
import { drop } from "./pictures.ts";
import { isWide, nextTheme, predictFirst, theme } from "./settings.ts";

const isDropping = signal(false);
const screen = computed(() => address.value.screen);

export function App() {
	if (screen.value === SLIDES) return <Slides />; // they fill the window
	return (
		<div class={isDropping.value ? "shell is-dropping" : "shell"} {...dropping}>
			<button type="button" class="for-readers" onClick={toMain}>
				Skip to the content
			</button>
			<header class="shell-top">
				<a class="shell-name" href={link("")}>
					convivo
				</a>
				<span class="spacer" />
				<Toggle label="Predict first" value={predictFirst} />
				<Button onClick={nextTheme}>Theme: {theme.value}</Button>
			</header>
			<Navigation />
			<main class="shell-main" id="main" tabIndex={-1}>
				<Screen />
			</main>
			<div class="shell-away" role="status">
				{!isConnected.value && (
					<p>
						The lab does not answer. Is <code>convivo lab</code> still running? This page goes on by itself
						once it is there again.
					</p>
				)}
			</div>
		</div>
	);
}

function Screen() {
	const name = screen.value;
	const main = useRef(name);
	const explorable = EXPLORABLES.find((each) => each.name === name);
	const work = SCREENS.find((each) => name === each.name || name.startsWith(`${each.name}/`));
	const title = explorable?.title ?? work?.title ?? (isCourse(name) ? "The course" : undefined);
	useEffect(() => {
		document.title = title ? `${title} – convivo` : "convivo";
		if (main.current !== name) {
			document.getElementById("main")?.focus({ preventScroll: true }); // whoever listens hears the new screen
			scrollTo(0, 0);
		}
		main.current = name;
	}, [name, title]);
	if (explorable) return <ExplorableScreen key={name} explorable={explorable} />;
	if (work) return <work.Screen rest={name.slice(work.name.length + 1)} />;
	if (isCourse(name)) return <CourseScreen screen={name} />;
	return <Home />;
}

function Navigation() {
	const opened = useSignal(false);
	const here = screen.value;
	// on a phone the menu closes whenever one went somewhere
	useEffect(() => {
		opened.value = false;
	}, [here]);
	return (
		<nav class="shell-nav" aria-label="Screens">
			<details
				class="shell-menu"
				open={isWide.value || opened.value}
				onToggle={(event) => {
					opened.value = !isWide.value && event.currentTarget.open;
				}}
			>
				<summary>All screens</summary>
				<h2>Learn</h2>
				<ul>{COURSE.map(({ name, title }) => entry(name, title, entryOf(here) === name))}</ul>
				<h2>Explore</h2>
				{GROUPS.map((group) => (
					<div key={group.title}>
						<h3>{group.title}</h3>
						<ul>{group.explorables.map(({ name, title }) => entry(name, title, here === name))}</ul>
					</div>
				))}
				<h2>Work</h2>
				<ul>
					{SCREENS.map(({ name, title }) => entry(name, title, here === name || here.startsWith(`${name}/`)))}
				</ul>
			</details>
		</nav>
	);
}

function entry(name: string, title: string, isHere: boolean) {
	return (
		<li key={name}>
			<a href={link(name)} aria-current={isHere ? "page" : undefined}>
				{title}
			</a>
		</li>
	);
}

function toMain() {
	document.getElementById("main")?.focus();
}

const dropping = {
	onDragOver: (event: DragEvent) => {
		if (!event.dataTransfer?.types.includes("Files")) return;
		event.preventDefault();
		isDropping.value = true;
	},
	onDragLeave: (event: DragEvent) => {
		if (event.relatedTarget === null) isDropping.value = false;
	},
	onDrop: async (event: DragEvent) => {
		const file = event.dataTransfer?.files[0];
		isDropping.value = false;
		if (!file) return;
		event.preventDefault();
		const work = SCREENS.find(
			(each) => each.name === screen.peek() || screen.peek().startsWith(`${each.name}/`),
		);
		if (work?.take) {
			work.take([...(event.dataTransfer?.files ?? [])]);
			return;
		}
		const id = await drop(file);
		const here = EXPLORABLES.find((each) => each.name === screen.peek() && each.usesPicture);
		if (id) go(here?.name ?? "break-it", [["image", id]]);
	},
};
