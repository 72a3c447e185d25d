// The explorables, written out in the order in which they are best explored.

import type { Explorable } from "../bench.ts";
import { explorable as blindSpot } from "./blind-spot/index.tsx";
import { explorable as breakIt } from "./break-it/index.tsx";
import { explorable as cutTheWire } from "./cut-the-wire/index.tsx";
import { explorable as kernelBench } from "./kernel-bench/index.tsx";
import { explorable as pullTheString } from "./pull-the-string/index.tsx";
import { explorable as starBench } from "./star-bench/index.tsx";

export const EXPLORABLES: readonly Explorable[] = [
	kernelBench,
	pullTheString,
	cutTheWire,
	starBench,
	blindSpot,
	breakIt,
];
