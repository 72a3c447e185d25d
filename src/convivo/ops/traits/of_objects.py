"""Traits of an answer: how sure the net is, and how what it found stands out of the image."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy import ndimage
from skimage.filters import threshold_otsu

from convivo.ops.measure import areas, compact, diameters
from convivo.types import AnyArray, Labels, Map

UNSURE = 0.1  # probability below which there is nothing
NEAR = 3  # pixels around an object that are neither object nor background
FINE, COARSE = 1.0, 2.5  # sigmas in pixels of two gradients
BLOBS = 1.5, 3.0  # sigmas of half pixels, between which structure of the size of objects lies
BRIGHT = 0.98  # quantile of such structure
SAMPLE = 50_000  # pixels that tell quantiles
OF_DEVIATION = 1.4826  # standard deviations of normal noise in the median of its absolute values
FEWEST = 30  # pixels of a kind that tell something
FEWEST_OF_AN_OBJECT = 9  # pixels that have a shape
SIDE, STEP = 256, 8  # pixels of the part that is looked at closely, and steps in which it is sought
WIDE = 512  # pixels of the part in which the rest is looked at
TINY = 1e-6


def object_traits(
    channel: AnyArray, labels: Labels, probability: Map, *, sure: float = 0.5
) -> dict[str, float]:
    """Of one (Y, X) or (Z, Y, X) channel, its label image and the net's probability. Ratios are logarithms to base 2.

    sure            probability from which the model says that there is an object

    unsure          area where the net hesitates over the area where it is sure
    outside         probability outside all objects over that inside
    left_out        the brightest structure beside all objects over the noise of such structure there
    nothing_found   1 or 0
    diameter        of the object in the middle of all, pixels; small_diameter, large_diameter: a tenth is beyond
    elongation      length over width, of the object in the middle of all
    aligned         the same for the mean shape of all objects: above 0 where they are long in one direction
    contrast        how much brighter objects are than what lies beside all of them, over the image's range (-1 to 1)
    texture         standard deviation within an object over that difference
    edge            fine gradient at the outlines over a coarser one
    on_edges        share of the pixels whose gradient is weaker than those at the outlines
    as_bright       overlap (IoU) of the objects with what a threshold would take (Otsu 1979), 0 to 1

    The last five are missing where there is no object or no background.
    """
    every = 2 if labels.shape[-1] * labels.shape[-2] > WIDE**2 else 1
    thin, inside = probability[..., ::every, ::every], labels[..., ::every, ::every] > 0
    unit = every**2  # pixels that one tells of
    hesitant = unit * np.count_nonzero((thin > UNSURE) & (thin < sure))
    certain = unit * np.count_nonzero(thin >= sure)
    within = unit * float(thin[inside].sum(dtype=np.float64))
    beside = unit * float(thin[(thin > UNSURE) & ~inside].sum(dtype=np.float64))
    wide = busiest(labels, WIDE)
    sizes = areas(compact(labels))[1:]
    sizes = sizes[sizes > 0]
    traits = {
        "unsure": float(np.log2((hesitant + FEWEST) / (certain + FEWEST))),
        "outside": float(np.log2((beside + FEWEST) / (within + FEWEST))),
        "left_out": _left_out(channel[wide], labels[wide] > 0),
        "nothing_found": float(not len(sizes)),
    }
    if not len(sizes):
        return traits
    small, middle, large = np.quantile(np.log2(diameters(sizes, labels.ndim)), (0.1, 0.5, 0.9))
    traits |= {"small_diameter": float(small), "diameter": float(middle), "large_diameter": float(large)}
    traits |= _shapes(compact(labels if labels.ndim == 3 else labels[wide]))
    part = busiest(labels)
    return traits | _against_background(np.asarray(channel[part], np.float32), labels[part])


def busiest(labels: Labels, side: int = SIDE) -> tuple[int | slice, ...]:
    """The (Y, X) part of so many pixels a side in which most of the objects' pixels lie: enough to look at closely."""
    plane = (_fullest(labels),) if labels.ndim == 3 else ()
    coarse = (labels[plane][::STEP, ::STEP] > 0).astype(np.float32)
    crowd = ndimage.uniform_filter(coarse, side // STEP, mode="constant")
    centre = np.unravel_index(crowd.argmax(), crowd.shape)
    starts = [
        max(0, min(int(place) * STEP - side // 2, length - side))
        for place, length in zip(centre, labels.shape[-2:], strict=True)
    ]
    return *plane, *(slice(start, start + side) for start in starts)


def _fullest(labels: Labels) -> int:
    """Number of the (Y, X) plane with most pixels of objects."""
    return int((labels > 0).sum(axis=(1, 2)).argmax())


def _left_out(channel: AnyArray, inside: AnyArray) -> float:
    """Of a (Y, X) plane, at half its size, where noise of single pixels is half as much."""
    one, two, three, four = _fours(inside)
    beside = ~ndimage.maximum_filter(one | two | three | four, NEAR + 2)
    if np.count_nonzero(beside) < FEWEST:
        return 0.0
    halved = sum(_fours(np.asarray(channel, np.float32))) / np.float32(4)
    small, large = (ndimage.gaussian_filter(halved, sigma, truncate=3) for sigma in BLOBS)
    structure = (small - large)[beside]
    structure = structure[:: max(1, len(structure) // SAMPLE)]
    middle, bright = np.quantile(structure, (0.5, BRIGHT))
    noise = float(np.median(np.abs(structure - middle))) * OF_DEVIATION
    return float(np.log2(max((float(bright) - float(middle)) / max(noise, TINY), 1.0)))


def _fours(plane: AnyArray) -> list[AnyArray]:
    """The pixels of every 2 x 2 block, (Y / 2, X / 2) each; an odd last row or column is left out."""
    rows, columns = (length // 2 * 2 for length in plane.shape)
    return [plane[row:rows:2, column:columns:2] for row in (0, 1) for column in (0, 1)]


def _shapes(labels: Labels) -> dict[str, float]:
    """From the second moments of the objects, each scaled by its size."""
    where = np.nonzero(labels)
    numbers = labels[where].astype(np.intp)
    counts = np.bincount(numbers)
    found = counts >= FEWEST_OF_AN_OBJECT
    if not found.any():
        return {}
    means = [np.bincount(numbers, axis)[found] / counts[found] for axis in where]
    moments = np.empty((int(found.sum()), labels.ndim, labels.ndim))
    for one, other in product(range(labels.ndim), repeat=2):
        products = np.bincount(numbers, where[one].astype(np.float64) * where[other])[found]
        moments[:, one, other] = products / counts[found] - means[one] * means[other]
    moments += np.eye(labels.ndim) / 12  # a pixel is a square, no point
    moments /= np.trace(moments, axis1=1, axis2=2)[:, None, None]
    each, together = np.linalg.eigvalsh(moments), np.linalg.eigvalsh(moments.mean(axis=0))
    return {
        "elongation": float(np.median(np.log2(each[:, -1] / each[:, 0])) / 2),
        "aligned": float(np.log2(together[-1] / together[0]) / 2),
    }


def _against_background(channel: Map, labels: Labels) -> dict[str, float]:
    """How the objects of a (Y, X) part stand out."""
    inside = labels > 0
    beside = ~ndimage.maximum_filter(inside, 2 * NEAR + 1)
    if np.count_nonzero(beside) < FEWEST or np.count_nonzero(inside) < FEWEST:
        return {}
    low, high = np.percentile(channel, (1, 99.8))
    span = max(float(high - low), TINY)
    step = float(np.median(channel[inside]) - np.median(channel[beside]))
    outline = inside & ~ndimage.minimum_filter(inside, 3)
    fine, coarse = (
        ndimage.gaussian_gradient_magnitude(channel, sigma, truncate=3) for sigma in (FINE, COARSE)
    )
    at_outline = np.median(fine[outline])
    return {
        "contrast": step / span,
        "texture": _ratio(_spread_within(channel, labels), max(abs(step), TINY * span)),
        "edge": _ratio(float(at_outline), max(float(np.median(coarse[outline])), TINY * span)),
        "on_edges": float(np.mean(fine < at_outline)),
        "as_bright": _overlap(_bright(np.clip(channel, low, high)), inside),
    }


def _bright(channel: Map) -> AnyArray:
    """What a threshold takes."""
    smooth = ndimage.gaussian_filter(channel, FINE, truncate=3)
    limit = float(threshold_otsu(smooth)) if smooth.max() > smooth.min() else float(smooth.max())
    return np.asarray(smooth > limit)


def _overlap(one: AnyArray, other: AnyArray) -> float:
    return float((one & other).sum() / max(1, int((one | other).sum())))


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
