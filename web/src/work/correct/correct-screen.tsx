// A walk: correct labels in Fiji, and let the net learn from them.

import { link } from "../../page/address.ts";

export function CorrectScreen() {
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
						Open an image and the ROI file of its name (<code>_rois.zip</code>) in the ROI Manager. Delete
						wrong outlines, draw missed ones, and replace what is merged or divided.
					</p>
					<p>
						Or open <code>_labels.tif</code> and paint: 0 is background, every object has a number of its own.
					</p>
				</li>
				<li>
					<h2>Put them side by side</h2>
					<p>
						One folder with <code>images</code> and <code>masks</code>, files of the same names: the image,
						and its corrected label image. Where you did not finish, leave it out: what is not marked counts
						as background.
					</p>
					<p>
						An image may be corrected in part. Give pixels that you did not look at a number below 0 (the mask
						then needs a signed type, such as int16): they teach nothing. What is 0 counts as background.
					</p>
				</li>
				<li>
					<h2>Check, then fine-tune</h2>
					<p>
						<a href={link("work/check")}>Check the data</a>: it finds masks that lie on the wrong image,
						numbers used twice, and empty ones.
					</p>
					<p>
						Then <a href={link("work/train")}>train</a>, and under <em>Begin with</em> choose the model that
						was nearly right. Five minutes are often enough.
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
