"""What can be wrong with a label image, measured without looking at its picture.

A mask that was resized or compressed as if it were a picture has numbers in between along its edges: many objects that
are nothing but a thin line, and many that lie in several places. A mask of classes has few objects, each in several
places of about one size. A mask whose touching objects were given one number has no two numbers side by side, and
outlines with dents.

Measured on 620 masks of six public data sets, annotated by hand, and on the same masks spoiled: docs/doubt-data.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from skimage.measure import label, regionprops

from convivo.ops.measure import compact
from convivo.types import Labels

SMALL = 5  # pixels: an object below that is thin because it is small
TWIN = 0.3  # of an object's largest part: what its second part must have, to be no crumb
DENTED = 0.9  # of its convex hull that an object fills
LARGE = 30  # pixels: the hull of smaller ones is pixels
MANY = 3  # parts


@dataclass(frozen=True, slots=True)
class LabelFaults:
    """Of one label image; shares are of its objects, 0 to 1."""

    objects: int
    largest_id: int
    unknown: float  # share of the pixels below 0
    thin: float  # objects without a pixel that has only its own around it
    in_parts: tuple[int, ...]  # ids of objects that do not hang together
    scattered: float  # objects in three parts and more
    twins: float  # objects whose second part is no crumb
    touches: bool  # whether two objects lie side by side


def label_faults(labels: Labels) -> LabelFaults:
    """Measure a label image (Y, X) or (Z, Y, X)."""
    ids, areas = np.unique(labels[labels > 0], return_counts=True)
    unknown = float((labels < 0).mean()) if labels.size else 0.0
    if not len(ids):
        return LabelFaults(0, 0, unknown, 0.0, (), 0.0, 0.0, touches=False)
    alone, touches = _neighbours(labels)
    is_thin = ~np.isin(ids, np.unique(labels[alone])) & (areas >= SMALL)
    parts, first, second = _parts(labels, ids)
    return LabelFaults(
        objects=len(ids),
        largest_id=int(ids[-1]),
        unknown=unknown,
        thin=float(is_thin.mean()),
        in_parts=tuple(int(each) for each in ids[parts > 1]),
        scattered=float((parts >= MANY).mean()),
        twins=float((second > TWIN * first).mean()),
        touches=touches,
    )


def dented(labels: Labels, most: int = 20) -> tuple[int, int]:
    """How many of so many objects, evenly drawn, have an outline with dents, and how many were looked at."""
    found = [each for each in regionprops(np.maximum(compact(labels), 0)) if each.area > LARGE]
    found = found[:: -(-len(found) // most)] if found else []
    return sum(_hull_filled(each) < DENTED for each in found), len(found)


def _hull_filled(found: object) -> float:
    try:
        return float(found.solidity)  # type: ignore[attr-defined]
    except ValueError:  # flat in one direction: it has no hull
        return 1.0


def _neighbours(labels: Labels) -> tuple[NDArray[np.bool_], bool]:
    """Pixels of objects with only their own number beside them, and whether two numbers lie side by side."""
    alone, touches = labels > 0, False
    for axis in range(labels.ndim):
        along, own = np.moveaxis(labels, axis, 0), np.moveaxis(alone, axis, 0)
        same = along[:-1] == along[1:]
        touches |= bool((~same & (along[:-1] > 0) & (along[1:] > 0)).any())
        own[:-1] &= same
        own[1:] &= same
    return alone, touches


def _parts(
    labels: Labels, ids: NDArray[np.integer]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Of each object: number of its parts, pixels of the largest and of the next one."""
    components = label(np.maximum(labels, 0), background=0, connectivity=labels.ndim)
    inside = components > 0
    numbers, where, sizes = np.unique(components[inside], return_index=True, return_counts=True)
    owners = np.searchsorted(ids, labels[inside][where])
    order = np.lexsort((-sizes, owners))
    owners, sizes = owners[order], sizes[order]
    begins = np.searchsorted(owners, np.arange(len(ids)))
    parts = np.bincount(owners, minlength=len(ids))
    second = np.where(parts > 1, sizes[np.minimum(begins + 1, len(numbers) - 1)], 0)
    return parts, sizes[begins], second
