// First aid by a click: which of it would help is doubt's to try and to put in order.

import { type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Bench } from "../../bench.ts";
import { Button, Slider } from "../../parts/controls.tsx";
import type { AidName, Broken, Promised, Promises } from "./answer.ts";
import { saidTimes } from "./harm.tsx";
import { type Asked, MOST, type View, withoutAid } from "./view.ts";

const CALLED: Record<AidName, string> = {
	scale: "Rescale",
	invert: "Invert",
	background: "Subtract the background",
	brightest: "Mask the brightest spot",
};
const ALL = Object.keys(CALLED) as AidName[];

interface FirstAidProps {
	readonly bench: Bench;
	readonly view: View;
	readonly asked: ReadonlySignal<Asked>;
	/** With what was asked for it. */
	readonly answer: Broken & { readonly asked: Asked };
}

export function FirstAid({ bench, view, asked, answer }: FirstAidProps) {
	const harm = useComputed(() => harmIn(asked.value)).value;
	const promised = useSignal<{ readonly harm: string; readonly promises: Promises } | null>(null);
	const isTrying = useSignal(false);
	const problem = useSignal("");
	const tried = promised.value?.harm === harm ? promised.value.promises : null;
	const before = useUnaided(answer, harm);

	async function tryAll(): Promise<void> {
		isTrying.value = true;
		problem.value = "";
		try {
			promised.value = { harm, promises: await bench.ask<Promises>("break-it-aid", asked.peek()) };
		} catch (error) {
			problem.value = String((error as { readonly problem?: string }).problem ?? error);
		}
		isTrying.value = false;
	}

	return (
		<section class="break-it-aid" aria-label="First aid">
			<h3>First aid</h3>
			<Button isMain isDisabled={isTrying.value} onClick={() => void tryAll()}>
				{isTrying.value ? "Trying all of it …" : "What would help?"}
			</Button>
			<p class="small soft" role="status">
				{problem.value ||
					(tried
						? `Expected now: ${tried.now.toFixed(2)}. What promises most comes first.`
						: "Doubt tries all of it and says what each promises.")}
			</p>
			<ol>
				{(tried ? tried.aids.map((each) => each.name) : ALL).map((name) => (
					<Row key={name} name={name} view={view} promise={tried?.aids.find((each) => each.name === name)} />
				))}
			</ol>
			<Slider label="Show it to the net" value={view.shown} min={-MOST} max={MOST} step={1} say={saidTimes} />
			<div>
				<Button isDisabled={!isAided(view)} onClick={() => withoutAid(view)}>
					Without first aid
				</Button>
			</div>
			<p class="small break-it-before" data-read="before">
				{before && isAided(view)
					? `Without it: ${before.found} found${before.accuracy === null ? "" : `, accuracy ${before.accuracy.toFixed(2)}`}, expected ${said(before.expected)}. ` +
						`With it: ${answer.found} found${answer.accuracy === null ? "" : `, accuracy ${answer.accuracy.toFixed(2)}`}, expected ${said(answer.expected)}.`
					: ""}
			</p>
		</section>
	);
}

interface RowProps {
	readonly name: AidName;
	readonly view: View;
	readonly promise: Promised | undefined;
}

function Row({ name, view, promise }: RowProps) {
	const isOn = name === "scale" ? view.shown.value !== 0 : switchOf(view, name).value;
	const target = name === "scale" && promise ? Math.round(4 * Math.log2(promise.scale)) : 0;
	return (
		<li class={promise?.helps ? "is-advised" : ""} data-aid={name}>
			<Button
				isPressed={isOn}
				isDisabled={name === "scale" && !isOn && target === 0}
				onClick={() => {
					if (name === "scale") view.shown.value = isOn ? 0 : target;
					else switchOf(view, name).value = !isOn;
				}}
			>
				{name === "scale" && promise ? `Rescale to ${promise.scale.toFixed(2)} ×` : CALLED[name]}
			</Button>
			<span class="small">
				{promise && (
					<>
						promises {promise.expected.toFixed(2)}{" "}
						{promise.helps ? <b>✓ advised</b> : <span class="soft">not advised</span>}
					</>
				)}
			</span>
		</li>
	);
}

function switchOf(view: View, name: Exclude<AidName, "scale">) {
	return { invert: view.invert, background: view.subtract, brightest: view.mask }[name];
}

function isAided(view: View): boolean {
	return view.shown.value !== 0 || view.invert.value || view.subtract.value || view.mask.value;
}

/** The last answer to this harm before any first aid. */
function useUnaided(answer: FirstAidProps["answer"], harm: string): Broken | null {
	const kept = useRef<FirstAidProps["answer"] | null>(null);
	const { remedies, scale } = answer.asked.aid;
	if (remedies.length === 0 && scale === 1) kept.current = answer;
	return kept.current && harmIn(kept.current.asked) === harm ? kept.current : null;
}

/** What happens to which image, to be compared. */
function harmIn({ window, harm }: Asked): string {
	return JSON.stringify([window, harm]);
}

function said(share: number | null): string {
	return share === null ? "–" : share.toFixed(2);
}
