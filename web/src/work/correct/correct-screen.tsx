// A walk: correct labels in Fiji, and let the net learn from them.

import { link } from "../../page/address.ts";
import { DropBack } from "./drop-back.tsx";

/** `rest` is the prediction that is corrected. */
export function CorrectScreen({ rest }: { readonly rest: string }) {
	return (
		<div class="screen">
			<header>
				<h1>Correct labels</h1>
				<p class="soft">
					A model that is nearly right becomes right for your images with a few corrected ones. An afternoon
					of drawing is saved, because you only mend what is wrong.
				</p>
			</header>
			<ol class="work-walk">
				<li>
					<h2>Predict a few images</h2>
					<p>
						Choose five to twenty that differ: crowded, sparse, dim, bright.{" "}
						<a href={link("work/predict")}>Predict</a> them, and look for what is wrong.
					</p>
				</li>
				<li>
					<h2>Mend them in Fiji</h2>
					<p>
						Open <code>NAME_labels.tif</code> and paint: 0 is background, every object has a number of its
						own. Give what is merged two numbers, and what is divided one. Save it as TIFF under the same
						name.
					</p>
					<p>
						You need not finish an image. Give pixels that you did not look at the number 65535: they teach
						nothing. What is 0 counts as background.
					</p>
				</li>
				<li>
					<DropBack job={rest} />
				</li>
				<li>
					<h2>Check, then fine-tune</h2>
					<p>
						The links above open both with your corrected images.{" "}
						<a href={link("work/check")}>Check the data</a>: it finds masks that lie on the wrong image,
						numbers used twice, and empty ones. Then <a href={link("work/train")}>train</a>, and begin with
						the model that was nearly right. Five minutes are often enough.
					</p>
				</li>
				<li>
					<h2>Compare</h2>
					<p>
						Predict images that you did not correct, with both models, and look at both. The new one has to
						earn its place.
					</p>
				</li>
			</ol>
		</div>
	);
}
