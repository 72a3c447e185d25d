// A data folder that the address names, as `data=0:data/mine`: links from other screens choose it.

import { address } from "../../page/address.ts";
import type { Place } from "../lab.ts";

/** The folder, or none. The lab is asked for it as for any other, and refuses what nobody chose. */
export function dataInAddress(): readonly Place[] {
	const [, root, path] = new Map(address.peek().values).get("data")?.match(/^(\d+):(.*)$/) ?? [];
	return root !== undefined && path !== undefined ? [{ root: Number(root), path }] : [];
}
