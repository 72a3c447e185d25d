"""How far outlines are off: what intersection over union hides in large objects and exaggerates in small ones.

Only objects that were found are compared (matched at an IoU threshold), so a missed object costs nothing here. For
each pixel of one outline the nearest of the other is looked for, and the other way round (as Heimann et al., IEEE
TMI 2009, measure surfaces).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.ops.scores.matching import matched_pairs
from convivo.types import Labels, Region

Mask = NDArray[np.bool_]
Distances = NDArray[np.float32]


def outline_distances(truth: Labels, labels: Labels, iou: float = 0.5) -> Distances:
    """Distances between the outlines of all matched objects, in pixels, both ways; in no order.

    `truth` and `labels` are (Y, X) or (Z, Y, X). The mean is the mean symmetric distance; without a match there is
    none. Where the image ends, nobody knows where an object would: the image's edge alone makes no outline.
    """
    pairs = matched_pairs(truth, labels, iou)
    there, found = (ndimage.find_objects(np.maximum(each, 0).astype(np.intp)) for each in (truth, labels))
    distances = []
    for pair in pairs:
        where = _around(there[pair.truth_id - 1], found[pair.label_id - 1], truth.shape)
        distances.append(_between(truth[where] == pair.truth_id, labels[where] == pair.label_id))
    return np.concatenate(distances) if distances else np.zeros(0, np.float32)


def outline(mask: Mask) -> Mask:
    """The outermost pixels of an object, by their sides (faces in 3-D); beyond the edge it is taken to go on."""
    return np.asarray(mask & ~ndimage.binary_erosion(mask, border_value=1))


def _around(one: Region, other: Region, shape: tuple[int, ...]) -> Region:
    """A box around both, a pixel wider where the image has one: only its own edge is then the object's end."""
    return tuple(
        slice(max(0, min(a.start, b.start) - 1), min(length, max(a.stop, b.stop) + 1))
        for a, b, length in zip(one, other, shape, strict=True)
    )


def _between(one: Mask, other: Mask) -> Distances:
    first, second = outline(one), outline(other)
    if not (first.any() and second.any()):  # an object that fills the image has no outline
        return np.zeros(0, np.float32)
    to_first, to_second = (ndimage.distance_transform_edt(~each) for each in (first, second))
    return np.concatenate([to_second[first], to_first[second]]).astype(np.float32)
