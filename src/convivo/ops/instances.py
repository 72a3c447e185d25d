"""From a map of interiors and a map of foreground to objects, each with a number.

The interior of an object is what remains without its border, so interiors of touching objects lie apart. Each
connected interior is a seed; seeds grow into the foreground around them. `components` takes interiors as they
are; `watershed` first divides interiors that are joined by a neck (Vincent, Soille 1991). Only what lies in one
connected piece of foreground can compete, so pieces are solved one by one, and a very large image needs no more
memory than its maps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.errors import BadInput
from convivo.ops.measure import areas
from convivo.ops.specks import large_enough
from convivo.types import Labels, Map

Split = Literal["components", "watershed"]
SPLITS: tuple[Split, ...] = ("components", "watershed")

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceRule:
    """How maps become objects."""

    foreground: float = 0.5  # probability from which a pixel belongs to an object
    seed: float = 0.5  # probability from which a pixel belongs to an interior
    smallest: int = 1  # pixels; smaller objects are dropped
    smallest_cut: int = 1  # the same for what the image's edge leaves of an object
    split: Split = "components"
    # pixels: how much narrower a neck must be than both sides for the watershed to cut it; at 1 pixel the grid alone
    # makes necks, in straight cells that lie askew
    neck: float = 1.25

    def __post_init__(self) -> None:
        if self.split not in SPLITS:
            raise BadInput(f"instances by {self.split!r}", fix=f"use one of {', '.join(SPLITS)}")


def instances(interior: Map, foreground: Map, rule: InstanceRule) -> Labels:
    """Label image of the objects, numbered from 1 without gaps."""
    if interior.size == 0:
        return np.zeros(interior.shape, np.int32)
    inside = interior > rule.seed
    seeds, count = seeds_of(inside, rule)
    mask = foreground > rule.foreground
    mask |= inside
    del inside
    labels = grow(seeds, count, mask, interior)
    return drop_small(labels, rule.smallest, rule.smallest_cut)


def seeds_of(interior: Mask, rule: InstanceRule) -> tuple[Numbers, int]:
    """One number for each connected interior, or for each part of one where the watershed divides."""
    seeds, count = _connected(interior)
    if rule.split == "components":
        return seeds, count
    for number, where in enumerate(ndimage.find_objects(seeds), start=1):
        inside = seeds[where] == number
        tops, found = _tops(inside, rule.neck)
        if found > 1:  # the first top keeps the number, the others get new ones
            seeds[where][inside] = 0
            new = np.concatenate([[0, number], np.arange(count + 1, count + found)]).astype(np.int32)
            seeds[where] += new[tops]
            count += found - 1
    return seeds, count


def grow(seeds: Numbers, count: int, mask: Mask, interior: Map) -> Numbers:
    """Give each foreground pixel the number of a seed in its piece; pieces without a seed become objects too."""
    pieces, found = _connected(mask)
    home = np.zeros(count + 1, np.int32)  # the piece in which each seed lies
    for line, pieces_line in zip(seeds, pieces, strict=True):  # row by row: no second image of numbers
        home[line] = pieces_line
    home[0] = 0
    seeds_in = np.bincount(home[1:], minlength=found + 1)
    number_of = np.zeros(found + 1, np.int32)
    number_of[home[1:]] = np.arange(1, count + 1)
    alone = np.flatnonzero(seeds_in == 0)[1:]  # without the background, which has none
    number_of[alone] = np.arange(count + 1, count + 1 + len(alone))
    places = ndimage.find_objects(pieces)
    for piece in np.flatnonzero(seeds_in > 1):
        where = places[piece - 1]
        inside = pieces[where] == piece
        seeds[where][inside] = _compete(seeds[where], inside, interior[where])
    shared = seeds_in > 1
    for row in range(len(pieces)):
        line = pieces[row]
        np.copyto(seeds[row], number_of[line], where=~shared[line])
    return seeds


def drop_small(labels: Numbers, smallest: int, smallest_cut: int = 1) -> Numbers:
    """Number the objects of at least so many pixels from 1 without gaps; the others become background."""
    sizes = areas(labels)
    kept = large_enough(labels, sizes, max(1, smallest), smallest_cut)
    kept[0] = False
    number = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    for row in range(len(labels)):
        labels[row] = number[labels[row]]
    return labels


def _connected(mask: Mask) -> tuple[Numbers, int]:
    """Pieces whose pixels share sides (faces in 3-D)."""
    pieces = np.empty(mask.shape, np.int32)
    count = ndimage.label(mask, output=pieces)
    return pieces, int(count)


def _tops(inside: Mask, neck: float) -> tuple[Numbers, int]:
    """Hills of the distance to the outside that are separated by saddles at least `neck` lower.

    Cutting `neck` off every hill and filling up what lies between leaves one flat top for each.
    """
    from skimage.morphology import local_maxima, reconstruction

    height = ndimage.distance_transform_edt(np.pad(inside, 1))
    lowered = reconstruction(height - max(neck - 1e-6, 0), height)
    core = (slice(1, -1),) * inside.ndim
    tops = np.empty(inside.shape, np.int32)
    corners = np.ones((3,) * inside.ndim)  # tops reach across corners, as the filling does
    return tops, int(ndimage.label(local_maxima(lowered)[core] & inside, corners, output=tops))


def _compete(seeds: Numbers, inside: Mask, interior: Map) -> Numbers:
    """Flood one piece from its seeds, the likeliest interior first; returns the numbers inside the piece."""
    from skimage.segmentation import watershed

    grown: Numbers = watershed(-interior, markers=np.where(inside, seeds, 0), mask=inside)
    return grown[inside]
