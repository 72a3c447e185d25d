// How many objects there are and, where the truth is known, how many are right, wrong and missed.

import { ReadOut, ReadOuts } from "../../parts/read-out.tsx";
import type { Counts } from "./counting.ts";

interface ObjectCountsProps {
	/** Marks the numbers: "stars" gives "stars-right". */
	readonly name: string;
	/** How many were asked about, where somebody was. */
	readonly candidates?: number;
	readonly objects: number;
	readonly counts: Counts | null;
}

export function ObjectCounts({ name, candidates, objects, counts }: ObjectCountsProps) {
	return (
		<ReadOuts>
			{candidates !== undefined && (
				<ReadOut label="candidates" name={`${name}-candidates`}>
					{candidates}
				</ReadOut>
			)}
			<ReadOut label="objects" name={`${name}-objects`}>
				{objects}
			</ReadOut>
			{counts && (
				<>
					<ReadOut label="right" name={`${name}-right`}>
						{counts.right}
					</ReadOut>
					<ReadOut label="wrong" name={`${name}-wrong`}>
						{counts.wrong}
					</ReadOut>
					<ReadOut label="missed" name={`${name}-missed`}>
						{counts.missed}
					</ReadOut>
				</>
			)}
		</ReadOuts>
	);
}
