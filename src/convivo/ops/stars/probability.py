"""How far inside its object each pixel lies: what StarDist's probability learns (Schmidt et al. 2018, section 2.1).

0 in the background; inside an object the distance to its boundary, divided by the largest one in it, so that every
object, large or small, has a pixel of 1. Pixels near the middle measure their distances best, and the likeliest
pixel speaks for the object.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.ops.measure import compact
from convivo.types import Labels, Map


def object_probability(labels: Labels, soft: float = 0.0) -> Map:
    """(Y, X) labels to 0..1. Neither the image's edge nor unknown pixels (below 0) are a boundary: an object cut by
    them may go on there.

    With `soft` pixels added to every depth the rim of a small object counts for more; StarDist's own has none.
    """
    out = np.zeros(labels.shape, np.float32)
    objects = compact(np.maximum(labels, 0))
    for number, place in enumerate(ndimage.find_objects(objects), start=1):
        if place is None:
            continue
        around = tuple(slice(max(0, part.start - 1), part.stop + 1) for part in place)
        inside = objects[around] == number
        depth = _depth(inside | (labels[around] < 0))[inside]
        out[around][inside] = (depth + soft) / (depth.max() + soft)
    return out


def _depth(inside: NDArray[np.bool_]) -> NDArray[Any]:
    """Distance to the nearest pixel outside; where the object fills all there is, to the edge."""
    if inside.all():
        return np.asarray(ndimage.distance_transform_edt(np.pad(inside, 1)))[1:-1, 1:-1]
    return np.asarray(ndimage.distance_transform_edt(inside))
