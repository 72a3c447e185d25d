// The explorables, written out in groups, in the order in which they are best explored.

import type { Explorable } from "../bench.ts";
import { explorable as blindSpot } from "./blind-spot/index.tsx";
import { explorable as breakIt } from "./break-it/index.tsx";
import { explorable as cutTheWire } from "./cut-the-wire/index.tsx";
import { explorable as kernelBench } from "./kernel-bench/index.tsx";
import { explorable as memoryBudget } from "./memory-budget/index.tsx";
import { explorable as needleField } from "./needle-field/index.tsx";
import { explorable as pullTheString } from "./pull-the-string/index.tsx";
import { explorable as scrambler } from "./scrambler/index.tsx";
import { explorable as shiftTest } from "./shift-test/index.tsx";
import { explorable as splitMachine } from "./split-machine/index.tsx";
import { explorable as starBench } from "./star-bench/index.tsx";
import { explorable as teachTheKernel } from "./teach-the-kernel/index.tsx";
import { explorable as twoMicroscopes } from "./two-microscopes/index.tsx";

export interface Group {
	readonly title: string;
	readonly explorables: readonly Explorable[];
}

export const GROUPS: readonly Group[] = [
	{ title: "Kernels", explorables: [kernelBench, teachTheKernel, scrambler] },
	{ title: "What a net sees", explorables: [shiftTest, pullTheString, cutTheWire, memoryBudget] },
	{ title: "Finding and restoring", explorables: [starBench, twoMicroscopes, blindSpot] },
	{ title: "When to believe it", explorables: [needleField, splitMachine, breakIt] },
];

export const EXPLORABLES: readonly Explorable[] = GROUPS.flatMap((group) => group.explorables);
