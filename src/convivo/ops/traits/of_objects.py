"""Traits of an answer: how sure the net is, and how what it found stands out of the image."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from convivo.types import AnyArray, Labels, Map

UNSURE, SURE = 0.1, 0.5  # probabilities: below there is nothing, above an object
NEAR = 3  # pixels around an object that are neither object nor background
FINE = 1.0  # sigma in pixels of the gradient
FEWEST = 30  # pixels of a kind that tell something
TINY = 1e-6


def object_traits(channel: AnyArray, labels: Labels, probability: Map) -> dict[str, float]:
    """Of one (Y, X) or (Z, Y, X) channel, its label image and the net's probability. Ratios are logarithms to base 2.

    unsure          area where the net hesitates over the area where it is sure
    nothing_found   1 or 0
    diameter        of the object in the middle of all, pixels; small_diameter, large_diameter: a tenth is beyond
    contrast        how much brighter objects are than what lies beside all of them, over the image's range (-1 to 1)
    edge            gradient at the outlines, over that difference, times the diameter: 1 over how wide an outline is
    texture         standard deviation within an object over that difference
    left_out        structure of the size of objects outside all of them, over that difference

    The last four are missing where there is no object or no background.
    """
    hesitant = np.count_nonzero((probability > UNSURE) & (probability < SURE))
    sure = np.count_nonzero(probability >= SURE)
    numbers, sizes = np.unique(labels[labels > 0], return_counts=True)
    traits = {
        "unsure": float(np.log2((hesitant + FEWEST) / (sure + FEWEST))),
        "nothing_found": float(not len(numbers)),
    }
    if not len(numbers):
        return traits
    diameters = np.sqrt(4 * sizes / np.pi) if labels.ndim == 2 else np.cbrt(6 * sizes / np.pi)
    small, middle, large = np.quantile(np.log2(diameters), (0.1, 0.5, 0.9))
    traits |= {"small_diameter": float(small), "diameter": float(middle), "large_diameter": float(large)}
    return traits | _against_background(np.asarray(channel, np.float32), labels, numbers, 2 ** float(middle))


def _against_background(
    channel: AnyArray, labels: Labels, numbers: AnyArray, diameter: float
) -> dict[str, float]:
    inside = labels > 0
    wide = ndimage.binary_dilation(inside, iterations=NEAR)
    if np.count_nonzero(~wide) < FEWEST:
        return {}
    low, high = np.percentile(channel, (1, 99.8))
    span = max(float(high - low), TINY)
    step = float(np.median(channel[inside]) - np.median(channel[~wide]))
    size = max(abs(step), TINY * span)
    edge = inside & ~ndimage.binary_erosion(inside)
    gradient = ndimage.gaussian_gradient_magnitude(channel, FINE)
    within = ndimage.standard_deviation(channel, labels, numbers)
    sigma = diameter / 4
    blobs = ndimage.gaussian_filter(channel, sigma) - ndimage.gaussian_filter(channel, 2 * sigma)
    return {
        "contrast": step / span,
        "edge": float(np.log2(max(np.median(gradient[edge]) * diameter / size, TINY))),
        "texture": float(np.log2(max(np.median(within) / size, TINY))),
        "left_out": float(np.log2(max(np.quantile(blobs[~wide], 0.99) / size, TINY))),
    }
