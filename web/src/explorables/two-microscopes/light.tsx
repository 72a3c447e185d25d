// What is under the microscopes, and how much light there is: for both tabs.

import { Choice, Stops } from "../../parts/controls.tsx";
import { PHOTONS, type View } from "./view.ts";

export function Light({ view }: { readonly view: View }) {
	return (
		<>
			<Choice
				label="Structure"
				value={view.structure}
				options={[
					["picture", "the picture"],
					["filaments", "filaments"],
				]}
			/>
			<Stops
				label="Photons at the brightest pixels"
				value={view.photons}
				stops={PHOTONS}
				say={(photons) => String(photons)}
			/>
		</>
	);
}
