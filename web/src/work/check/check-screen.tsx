// Check a data set before anybody trains on it for hours.

import { useSignal } from "@preact/signals";
import { Choice } from "../../parts/controls.tsx";
import type { Method, Place } from "../lab.ts";
import { FolderList } from "../places/folder-list.tsx";
import { dataInAddress } from "../places/in-address.ts";
import { CheckHere } from "./check-here.tsx";

export function CheckScreen() {
	const data = useSignal<readonly Place[]>(dataInAddress());
	const method = useSignal<Method>("stardist");
	return (
		<div class="screen">
			<header>
				<h1>Check data</h1>
				<p class="soft">
					Is one field in training and in validation? Are the masks masks of these images? Is anything too
					rare, too large or too winding to be learned? Nothing is changed.
				</p>
			</header>
			<div class="work-split">
				<section class="work-step" aria-labelledby="check-data">
					<h2 id="check-data">Data</h2>
					<FolderList
						label="Data to check"
						chosen={data}
						wants="folder"
						suits={(kind) => kind === "data" || (kind === "folder" && method.value === "n2v")}
					/>
				</section>
				<section class="work-step" aria-labelledby="check-findings">
					<h2 id="check-findings">Findings</h2>
					<Choice
						label="To train"
						value={method}
						options={[
							["stardist", "StarDist"],
							["unet", "U-Net"],
							["care", "CARE"],
							["n2v", "Noise2Void"],
						]}
					/>
					<CheckHere data={data.value[0]} method={method.value} isMain />
				</section>
			</div>
		</div>
	);
}
