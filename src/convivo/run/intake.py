"""What is refused before any work, because the answer would be nonsense that looks like a result."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from convivo.errors import BadInput
from convivo.io.exposures import refuse_unlike
from convivo.io.pixels import check_finite, real
from convivo.methods import Restoration
from convivo.model import Example, Model
from convivo.nets.restoration import RestorationSize
from convivo.types import AnyArray, Image, Restorable

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


def refuse_unfit_example(model: Model, each: Example) -> None:
    """Refuse an image that a model of its method cannot learn from."""
    refuse_label_image(each.image)
    refuse_unfit_numbers(each.image)
    if not isinstance(each, Restorable) or not isinstance(model.method, Restoration):
        return
    if model.dimensions == 3 and "Z" not in each.image.axes:
        raise BadInput(
            f"{each.name} has axes {each.image.axes}, and a net of 3 dimensions needs Z, Y and X",
            fix="give stacks (and their --axes), or use a net of 2 dimensions",
        )
    if model.method.has_targets != (each.target is not None):
        has, needs = ("no target", "pairs") if each.target is None else ("a target", "noisy images alone")
        raise BadInput(
            f"{each.name} has {has}, and {model.method.name} learns from {needs}",
            fix="use care for pairs, and n2v where no target is known",
        )
    if each.target is not None:
        refuse_unfit_numbers(each.target)
        refuse_unlike(each.image, each.target)
        _refuse_other_channels(model, each.name, each.target)


def _refuse_other_channels(model: Model, name: str, target: Image) -> None:
    """A net that goes on learning restores what it restored before."""
    size, found = model.card.net, target.array.shape[target.axes.index("C")]
    if isinstance(size, RestorationSize) and found != size.restored:
        raise BadInput(
            f"the target of {name} has {found} channels, model {model.card.name!r} restores {size.restored}",
            fix="choose one with --channel, or train a new model",
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
