"""What a restoration took away should look like noise: pixels that know nothing of each other.

Means over blocks tell. The mean of n pixels of independent noise has a variance n times smaller than one of them; where
a restoration lost structure, or drew some that is not there, means of the difference are larger than that at the
structure's size. Differences are counted in units of what is usual at each brightness, because photons make bright
places noisier. The variance over m blocks scatters by sqrt(2 / m), so blocks of independent noise lie within three of
these almost surely, and only what is beyond is believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from convivo.types import AnyArray, Map

SIDES = (
    2,
    4,
    8,
    16,
)  # pixels of the blocks: beyond them a constant offset, which draws nothing, is what is seen
LEVELS = 12  # of brightness, with as many pixels each
FEWEST = 16  # blocks
CERTAIN = 3.0  # deviations of the variance over the blocks


@dataclass(frozen=True, slots=True)
class Structure:
    """The block size at which a difference is least like noise."""

    side: int  # pixels
    excess: float  # variance of the blocks' means over that of independent noise; 1 where it is such
    least: float  # the same, as far as it is certain
    variance: (
        float  # of it that noise does not explain, in squared units of the image; 0 where none is certain
    )


def noise_by_brightness(difference: AnyArray, restored: AnyArray) -> Map:
    """Variance of the difference that is usual at each pixel's brightness."""
    squares = np.square(difference, dtype=np.float64)
    edges = np.unique(np.quantile(restored, np.linspace(0, 1, LEVELS + 1)))
    points = [
        (restored[level].mean(), squares[level].mean())
        for low, high in pairwise(edges)
        if (level := (restored >= low) & (restored <= high)).any()
    ]
    if not points:
        return np.full(restored.shape, squares.mean(), np.float32)
    brightness, variances = np.array(points).T
    return np.asarray(np.interp(restored, brightness, variances), np.float32)


def structure(difference: AnyArray, restored: AnyArray) -> Structure | None:
    """What is not noise in the difference of (..., Y, X) images; None where too small, or where nothing differs."""
    usual = noise_by_brightness(difference, restored)
    if not usual.max() > 0:
        return None
    scaled = difference / np.sqrt(np.maximum(usual, usual.max() * 1e-6))
    found = [_of_blocks(scaled, side, float(usual.mean())) for side in SIDES]
    return max((each for each in found if each is not None), key=lambda each: each.least, default=None)


def _of_blocks(scaled: AnyArray, side: int, usual: float) -> Structure | None:
    means = _means(scaled, side)
    if means.size < FEWEST:
        return None
    excess = float(np.square(means).mean()) * side**2
    least = excess / (1 + CERTAIN * float(np.sqrt(2 / means.size)))
    return Structure(side, excess, least, max(0.0, least - 1) * usual / side**2)


def _means(values: AnyArray, side: int) -> NDArray[np.float64]:
    """Over square blocks of the last two axes, without what does not fill one."""
    rows, columns = (length // side for length in values.shape[-2:])
    whole = np.asarray(values[..., : rows * side, : columns * side], np.float64)
    return np.asarray(whole.reshape(*values.shape[:-2], rows, side, columns, side).mean(axis=(-3, -1)))
