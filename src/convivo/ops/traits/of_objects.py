"""Traits of an answer: how sure the net is, and how what it found stands out of the image."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from convivo.ops.measure import areas, compact, diameters
from convivo.types import AnyArray, Labels, Map

UNSURE, SURE = 0.1, 0.5  # probabilities: below there is nothing, above an object
NEAR = 3  # pixels around an object that are neither object nor background
FINE = 1.0  # sigma in pixels of the gradient
FEWEST = 30  # pixels of a kind that tell something
SIDE, COARSE = 256, 8  # pixels of the part that is looked at closely, and steps in which it is sought
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
    sizes = areas(compact(labels))[1:]
    sizes = sizes[sizes > 0]
    traits = {
        "unsure": float(np.log2((hesitant + FEWEST) / (sure + FEWEST))),
        "nothing_found": float(not len(sizes)),
    }
    if not len(sizes):
        return traits
    small, middle, large = np.quantile(np.log2(diameters(sizes, labels.ndim)), (0.1, 0.5, 0.9))
    traits |= {"small_diameter": float(small), "diameter": float(middle), "large_diameter": float(large)}
    part = busiest(labels)
    return traits | _against_background(
        np.asarray(channel[part], np.float32), labels[part], 2 ** float(middle)
    )


def busiest(labels: Labels) -> tuple[int | slice, ...]:
    """The (Y, X) part of SIDE pixels a side that most of the objects' pixels lie in: enough, and looked at quickly."""
    plane: tuple[int, ...] = ()
    if labels.ndim == 3:
        plane = (int((labels > 0).sum(axis=(1, 2)).argmax()),)
    coarse = (labels[plane][::COARSE, ::COARSE] > 0).astype(np.float32)
    crowd = ndimage.uniform_filter(coarse, SIDE // COARSE, mode="constant")
    centre = np.unravel_index(crowd.argmax(), crowd.shape)
    starts = [
        max(0, min(int(place) * COARSE - SIDE // 2, length - SIDE))
        for place, length in zip(centre, labels.shape[-2:], strict=True)
    ]
    return *plane, *(slice(start, start + SIDE) for start in starts)


def _against_background(channel: Map, labels: Labels, diameter: float) -> dict[str, float]:
    """How the objects of a (Y, X) part stand out."""
    inside = labels > 0
    beside = ~ndimage.maximum_filter(inside, 2 * NEAR + 1)
    if np.count_nonzero(beside) < FEWEST or np.count_nonzero(inside) < FEWEST:
        return {}
    low, high = np.percentile(channel, (1, 99.8))
    span = max(float(high - low), TINY)
    step = float(np.median(channel[inside]) - np.median(channel[beside]))
    size = max(abs(step), TINY * span)
    edge = inside & ~ndimage.minimum_filter(inside, 3)
    gradient = ndimage.gaussian_gradient_magnitude(channel, FINE)
    sigma = diameter / 4
    blobs = ndimage.gaussian_filter(channel, sigma, truncate=3) - ndimage.gaussian_filter(
        channel, 2 * sigma, truncate=2
    )
    return {
        "contrast": step / span,
        "edge": _ratio(float(np.median(gradient[edge])) * diameter, size),
        "texture": _ratio(_spread_within(channel, labels), size),
        "left_out": _ratio(float(np.quantile(blobs[beside], 0.99)), size),
    }


def _spread_within(channel: Map, labels: Labels) -> float:
    """Standard deviation within an object, the median over objects."""
    numbers = compact(labels)[labels > 0].astype(np.intp)
    values = channel[labels > 0].astype(np.float64)
    counts, sums, squares = (np.bincount(numbers, weight) for weight in (None, values, values**2))
    found = counts > 1
    variances = squares[found] / counts[found] - (sums[found] / counts[found]) ** 2
    return float(np.median(np.sqrt(np.maximum(variances, 0)))) if found.any() else 0.0


def _ratio(part: float, whole: float) -> float:
    """As a logarithm to base 2, never below that of TINY."""
    return float(np.log2(max(part / whole, TINY)))
