// The race: what each team reports, and what it is worth once the hidden test set is opened.

import type { Bench } from "../../bench.ts";
import { Button, Stops } from "../../parts/controls.tsx";
import { PredictFirst } from "../../parts/predict-first.tsx";
import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import { RACE } from "./predictions.ts";
import { HIDDEN, type Team } from "./race.ts";
import { SIZES, said, TRIES, type View } from "./view.ts";

const LOW = 0.7;
const HIGH = 1;

export function Race({ bench, view }: { readonly bench: Bench; readonly view: View }) {
	const teams = view.teams.value;
	const isRevealed = view.isRevealed.value;
	const mean = (of: (team: Team) => number) => teams.reduce((sum, team) => sum + of(team), 0) / teams.length;
	const best = teams[0]!;
	return (
		<div class="screen-split">
			<div class="screen">
				<p>
					{teams.length} teams tune their nets. After each try a team looks at its score on the public test
					set, and in the end it hands in the net that scored best. In truth all nets are about equally good:
					they get 80 % of all images right, one a little more, one a little less.
				</p>
				<p class="small soft">
					Each line goes from {LOW.toFixed(2)} to {HIGH.toFixed(2)}. Round: the public score that a team hands
					in. Square: the same net on hidden images. Dotted: 0.80.
				</p>
				<ol class="split-machine-teams">
					{teams.map((team) => (
						<TeamRow key={team.team} team={team} isRevealed={isRevealed} />
					))}
				</ol>
				<PredictFirst bench={bench} {...RACE}>
					<ReadOuts>
						<ReadOut label="best public score" name="best-shown">
							{said(best.shown)}
						</ReadOut>
						<ReadOut label="the same net, hidden test" name="best-hidden">
							{isRevealed ? said(best.hidden) : "–"}
						</ReadOut>
						<ReadOut label="too high on average" name="bias">
							{isRevealed ? said(mean(({ shown, hidden }) => shown - hidden)) : "–"}
						</ReadOut>
						<ReadOut label="best hidden score" name="winner">
							{isRevealed ? `team ${teams.reduce((a, b) => (b.hidden > a.hidden ? b : a)).team}` : "–"}
						</ReadOut>
					</ReadOuts>
					<div>
						<Button
							isMain
							isPressed={isRevealed}
							onClick={() => {
								view.isRevealed.value = !isRevealed;
							}}
						>
							Open the hidden test set
						</Button>
					</div>
					<p class="small">
						Who chooses by a score makes it too high: of many tries the luckiest is kept. It gets worse with
						more tries and fewer images. Choose by validation images, and open the test set once.
					</p>
				</PredictFirst>
			</div>
			<div class="screen-controls is-first">
				<Stops label="Tries of each team" value={view.tries} stops={TRIES} />
				<Stops label="Images in the public test set" value={view.size} stops={SIZES} />
				<div>
					<Button
						onClick={() => {
							view.raceSeed.value = (view.raceSeed.value + 1) % 1000;
						}}
					>
						Race again
					</Button>
				</div>
				<p class="small soft">
					Every answer is drawn: each net answers each image of the public test set, and the chosen one{" "}
					{HIDDEN} hidden images.
				</p>
			</div>
		</div>
	);
}

function TeamRow({ team, isRevealed }: { readonly team: Team; readonly isRevealed: boolean }) {
	const place = (score: number) => `${(100 * (Math.max(LOW, Math.min(HIGH, score)) - LOW)) / (HIGH - LOW)}%`;
	return (
		<li>
			<span>team {team.team}</span>
			<span class="split-machine-track" aria-hidden="true">
				<span class="split-machine-truth" style={{ left: place(0.8) }} />
				<span class="split-machine-dot" style={{ left: place(team.shown) }} />
				{isRevealed && <span class="split-machine-dot is-hidden" style={{ left: place(team.hidden) }} />}
			</span>
			<span class="split-machine-numbers">
				<strong>{team.shown.toFixed(2)}</strong> {isRevealed ? `→ ${team.hidden.toFixed(2)}` : ""}
			</span>
		</li>
	);
}
