// The first page: what there is to explore, and what there is to do.

import { COURSE } from "../course/index.tsx";
import { GROUPS } from "../explorables/index.ts";
import { SCREENS } from "../work/index.ts";
import { link } from "./address.ts";

export function Home() {
	return (
		<>
			<header>
				<h1>See how a network sees</h1>
				<p class="soft">
					A course to read and solve, things to touch, and work with your own images. No account, and nothing
					leaves this computer.
				</p>
			</header>
			<h2>Learn</h2>
			<Cards items={COURSE.map((each) => [each.name, each.title, each.about])} />
			<h2>Explore</h2>
			{GROUPS.map(({ title, explorables }) => (
				<section key={title} class="cards-group">
					<h3 class="soft">{title}</h3>
					<Cards items={explorables.map((each) => [each.name, each.title, each.question])} />
				</section>
			))}
			<h2>Work with your own images</h2>
			<Cards items={SCREENS.map((each) => [each.name, each.title, each.about])} />
		</>
	);
}

function Cards({ items }: { readonly items: readonly (readonly [string, string, string])[] }) {
	return (
		<ul class="cards">
			{items.map(([name, title, about]) => (
				<li key={name}>
					<a href={link(name)}>
						<strong>{title}</strong>
						<p class="soft">{about}</p>
					</a>
				</li>
			))}
		</ul>
	);
}
