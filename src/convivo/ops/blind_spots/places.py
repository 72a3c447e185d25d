"""Which pixels of a patch are blind spots: about as many everywhere, and none likelier than another.

A patch is divided into boxes, and one pixel of each is taken (stratified sampling, as in Noise2Void). Were the boxes
laid from the patch's corner, their size rounded, then pixels at its far ends would be chosen more or less often than
others, and in 3-D a box of the plane's side would hold far too many pixels.
"""

from __future__ import annotations

from math import ceil
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convivo.ops.blind_spots.settings import check_share

Indices: TypeAlias = NDArray[np.intp]


def spots(shape: tuple[int, ...], share: float, rng: np.random.Generator) -> tuple[Indices, ...]:
    """Indices of random pixels, one array for each axis: spread evenly, and every pixel equally likely.

    The patch is divided into boxes that hold 1 / share pixels on average, and one pixel of each box is taken. Box
    edges are evenly spaced real numbers, rounded down, and the grid starts at a random place along each axis. So the
    grid looks the same from every pixel, and as each box has one spot, each pixel is a spot with probability `share`
    exactly, also where boxes hang out of the patch: if their pixel lies outside, there is none.
    """
    check_share(share)
    side = (1 / share) ** (1 / len(shape))
    edges = [_edges(length, side, rng) for length in shape]
    boxes = [len(each) - 1 for each in edges]
    taken, inside = [], np.ones(boxes, np.bool_)
    for axis, (edge, length) in enumerate(zip(edges, shape, strict=True)):
        along = [-1 if each == axis else 1 for each in range(len(shape))]
        first, widths = edge[:-1].reshape(along), np.diff(edge).reshape(along)
        taken.append(first + below(widths, rng.random(boxes)))
        inside &= (taken[-1] >= 0) & (taken[-1] < length)
    return tuple(each[inside] for each in taken)


def _edges(length: int, side: float, rng: np.random.Generator) -> Indices:
    """Where boxes begin and end, from before the first pixel to behind the last."""
    phase = rng.uniform(0, side)
    edges: Indices = np.floor(phase + side * np.arange(-1, ceil(length / side) + 1)).astype(np.intp)
    return edges


def below(counts: Indices, random: NDArray[np.float64]) -> Indices:
    """Whole numbers from 0 on and below each count: much faster than `Generator.integers` with many bounds."""
    return (random * counts).astype(np.intp)
