"""One scale of brightness for images that are to be looked at side by side.

A short exposure is darker than a long one; beside each other the one would be black, and its error nothing but
the difference in exposure. Where an image lies far from the reference's scale, it is brought there by

    image ~ gain x reference + offset        shown = (image - offset) / gain

This way round, because noise in the image does not pull the gain down, as it does where the reference is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convivo.types import AnyArray

GAIN = 1.25  # up to this, or one over it, an image counts as being on the reference's scale
SHIFT = 0.1  # the means may lie so far apart, as a share of the reference's range
RELATED = 0.1  # correlation below which there is nothing to go by


@dataclass(frozen=True, slots=True)
class Scaled:
    """An image on the scale of another, and whether it had to be brought there."""

    pixels: AnyArray
    changed: bool


def on_scale_of(reference: AnyArray, image: AnyArray) -> Scaled:
    """The image as it is where it lies near the reference's scale or shows nothing of it, brought there otherwise."""
    values, wanted = np.asarray(image, np.float64), np.asarray(reference, np.float64)
    mean, true_mean = values.mean(), wanted.mean()
    shared = ((values - mean) * (wanted - true_mean)).mean()
    spread, true_spread = values.std(), wanted.std()
    if spread == 0 or true_spread == 0 or shared < RELATED * spread * true_spread:
        return Scaled(image, changed=False)
    gain = shared / true_spread**2
    if 1 / GAIN <= gain <= GAIN and abs(mean - true_mean) <= SHIFT * np.ptp(wanted):
        return Scaled(image, changed=False)
    return Scaled(((values - mean) / gain + true_mean).astype(np.float32), changed=True)
