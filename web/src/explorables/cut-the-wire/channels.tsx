// How the channels of a skip and those from below add up.

import { DEPTH, type Stage } from "./answers.ts";

export function Channels({ stages }: { readonly stages: readonly Stage[] | null }) {
	return (
		<section class="cut-the-wire-lesson">
			<h2>A skip brings channels</h2>
			<p class="small">
				On the way up, maps from the level below are made twice as large, and the skip's maps are put beside
				them. The next convolution reads both.
			</p>
			<table class="cut-the-wire-scores">
				<thead>
					<tr>
						<th scope="col">way up</th>
						<th scope="col">from below</th>
						<th scope="col">skip</th>
						<th scope="col">reads</th>
						<th scope="col">makes</th>
					</tr>
				</thead>
				<tbody>
					{(stages ?? []).slice(DEPTH + 1).map((stage) => {
						const [made = 0, height = 0, width = 0] = stage.maps.shape;
						return (
							<tr key={stage.level}>
								<th scope="row">
									{height} × {width}
								</th>
								<td>{stage.reads - stage.skip}</td>
								<td>+ {stage.skip}</td>
								<td data-read={`reads-${stage.level}`}>= {stage.reads}</td>
								<td>{made}</td>
							</tr>
						);
					})}
				</tbody>
			</table>
		</section>
	);
}
