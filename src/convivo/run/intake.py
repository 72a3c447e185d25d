"""What is refused before any work, because the answer would be nonsense that looks like a result."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from convivo.errors import BadInput
from convivo.io.pixels import check_finite, real
from convivo.types import AnyArray, Image

FEWEST_IDS = 3
LOOKED_AT = 50  # objects whose connectedness is checked
ROWS = 128  # of the image that tell whether it is flat inside


def refuse_unfit_numbers(image: Image) -> None:
    """NaN and infinity spread through a net until nothing is left. (Arrays from Python come here unread.)"""
    source = image.name or "the image"
    check_finite(real(image.array, source), image.axes, source)


def refuse_label_image(image: Image) -> None:
    """Labels given as an image: the net would find the edges of somebody's answer."""
    if looks_like_labels(image.array):
        raise BadInput(
            f"{image.name or 'the image'} looks like a label image, not like a picture",
            fix="give the microscope image; label images belong into the folder masks, or to `evaluate --labels`",
        )


def looks_like_labels(array: AnyArray) -> bool:
    """Whether whole numbers run from 1 with few gaps, flat inside, and each in one connected part."""
    plane = array.reshape(-1, *array.shape[-2:])[0] if array.ndim > 2 and array.size else array
    if plane.dtype.kind not in "iu" or plane.size == 0 or plane.min() < 0 or not _is_flat(plane):
        return False
    ids = np.unique(plane)
    ids = ids[ids > 0]
    if len(ids) < FEWEST_IDS or ids[-1] > 3 * len(ids):
        return False
    places = ndimage.find_objects(plane.astype(np.int32))
    chosen = ids[:: -(-len(ids) // LOOKED_AT)]
    parts = sum(ndimage.label(plane[places[number - 1]] == number)[1] for number in chosen)
    return bool(parts <= 1.5 * len(chosen))


def _is_flat(plane: AnyArray) -> bool:
    """Whether nearly every pixel above zero has the value of its neighbour: no camera does that."""
    rows = plane[:: max(1, len(plane) // ROWS)]
    left, right = rows[:, :-1], rows[:, 1:]
    either = (left > 0) | (right > 0)
    return bool(either.any() and (left == right)[either].mean() > 0.7)
