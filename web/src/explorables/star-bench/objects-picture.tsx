// A picture with outlines of objects: right, wrong, missed; and their counts.

import type { ComponentChildren } from "preact";
import { Raster } from "../../parts/raster.tsx";
import type { Counts } from "./counting.ts";
import type { Loaded } from "./loaded.ts";
import { ObjectCounts } from "./object-counts.tsx";

export interface Drawn {
	/** The outline of each object. */
	readonly paths: readonly string[];
	readonly counts: Counts | null;
}

interface ObjectsPictureProps {
	readonly name: string;
	readonly title: string;
	readonly loaded: Loaded;
	/** Null while it is worked out. */
	readonly drawn: Drawn | null;
	/** How these objects come about. */
	readonly children: ComponentChildren;
}

export function ObjectsPicture({ name, title, loaded, drawn, children }: ObjectsPictureProps) {
	const { picture, size } = loaded;
	return (
		<section class="screen-controls" aria-label={title}>
			<h2>{title}</h2>
			<Raster
				label={`${picture.name}: objects by ${title}`}
				height={size.height}
				width={size.width}
				values={picture.pixels.data}
				low={picture.low}
				high={picture.high}
			>
				{drawn && <Objects drawn={drawn} loaded={loaded} />}
			</Raster>
			{drawn ? (
				<ObjectCounts name={name} objects={drawn.paths.length} counts={drawn.counts} />
			) : (
				<p role="status">The net is asked …</p>
			)}
			<p class="small soft">{children}</p>
		</section>
	);
}

function Objects({ drawn: { paths, counts }, loaded }: { readonly drawn: Drawn; readonly loaded: Loaded }) {
	const judged = (i: number) =>
		!counts ? "star-bench-star" : counts.isRight[i] ? "star-bench-right" : "star-bench-wrong";
	return (
		<>
			{paths.map((path, i) => (
				<path key={i} class={judged(i)} d={path} />
			))}
			{counts?.missedOnes.map((number) => {
				const box = loaded.trueBoxes?.get(number);
				if (!box) return null;
				const [y, x] = [(box.top + box.bottom) / 2, (box.left + box.right) / 2];
				return (
					<path
						key={`missed ${number}`}
						class="star-bench-missed"
						d={`M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8`}
					/>
				);
			})}
		</>
	);
}
