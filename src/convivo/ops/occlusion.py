"""Occlusion: parts of an image are covered one by one, and what falls where they are is a map of what matters.

After Zeiler, Fergus, "Visualizing and understanding convolutional networks" (ECCV 2014). Nobody knows here what is
asked of the image: `fall` says by how much it falls where a region is covered.

    blocks    cover all of the image
    patches   go through the blocks that hold some of the object, and through those that matter, half over one another

A block that matters little may hold patches that matter, because what covers it can look like something itself. That
was seen in the middle of objects, so these are never left out.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.types import Map, Pixels, Region

BLOCK = 3  # patches are the side of a block
NOTHING = 0.01  # a fall that is none
NEARLY_ALL = 0.9

Mask = NDArray[np.bool_]


def occlusion_map(inside: Mask, fall: Callable[[Region], float], patch: int, most: int) -> Map:
    """For each pixel of (Y, X) the mean fall over the patches of that side that cover it; `fall` is asked so often.

    `inside` is where the object lies. Where no patch was, the fall of the block, a share of it for each patch.
    """
    shape, side, step = inside.shape, BLOCK * patch, -(-patch // 2)
    while ceil(shape[0] / side) * ceil(shape[1] / side) > most / 2:
        side += patch
    whole = slice(0, shape[0]), slice(0, shape[1])
    blocks = [(place, fall(place)) for place in _squares(whole, shape, side, side)]
    out, sums, counts = (np.zeros(shape, np.float32) for _ in range(3))
    for place, much in blocks:
        out[place] = much * (patch / side) ** 2
    left = most - len(blocks)
    for block, much in sorted(blocks, key=lambda each: (-inside[each[0]].sum(), -abs(each[1]))):
        places = _squares(_from_before(block, step), shape, step, patch)
        if (abs(much) < NOTHING and not inside[block].any()) or len(places) > left:
            break
        left -= len(places)
        for place in places:
            sums[place] += fall(place)
            counts[place] += 1
    return np.asarray(np.where(counts > 0, sums / np.maximum(counts, 1), out))


def zones(inside: Mask, rim: float) -> dict[str, Mask]:
    """Inside, outline (so many pixels to either side) and surroundings of an object."""
    depth, away = ndimage.distance_transform_edt(inside), ndimage.distance_transform_edt(~inside)
    return {"inside": depth > rim, "outline": (depth <= rim) & (away <= rim), "surroundings": away > rim}


def background_around(shown: Pixels, inside: Mask, background: Mask, far: float) -> Pixels:
    """Median of pixels that are no object, up to so far from the object, (C, 1, 1); of all, where there are none."""
    near = background & (ndimage.distance_transform_edt(~inside) <= far)
    values = shown[:, near] if near.any() else shown.reshape(len(shown), -1)
    return np.asarray(np.median(values, axis=1), np.float32)[:, None, None]


def radius(fall: Map, middle: NDArray[np.floating]) -> float:
    """Distance from the middle (Y, X) within which nine tenths of all fall lies; 0 where nothing falls."""
    weights = np.maximum(fall, 0).ravel()
    if weights.max() < NOTHING:
        return 0.0
    away = np.linalg.norm(np.indices(fall.shape).reshape(2, -1).T - middle, axis=1)
    order = np.argsort(away)
    share = np.cumsum(weights[order]) / weights.sum()
    return float(away[order][np.searchsorted(share, NEARLY_ALL)])


def _squares(region: Region, shape: tuple[int, int], step: int, side: int) -> list[Region]:
    """Squares that begin every `step` pixels in a region, as far as the image goes."""
    return [
        tuple(slice(begin, min(begin + side, length)) for begin, length in zip(corner, shape, strict=True))
        for corner in product(*(range(part.start, part.stop, step) for part in region))
    ]


def _from_before(region: Region, step: int) -> Region:
    """The region from a step before it on, so that its first pixels are covered as often as others."""
    return tuple(slice(max(0, part.start - step), part.stop) for part in region)
