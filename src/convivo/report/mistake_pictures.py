"""The same piece of an image for every contender, with what went wrong marked.

The lines are those of `pictures.compare`; two more say why objects are missed and invented:

    bold purple line   merged: one found object that covers two or more true ones
    bold yellow line   divided: a true object that covers two or more found ones
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.ndimage import binary_dilation, uniform_filter

from convivo.ops.scores import Mistakes
from convivo.ops.scores.mistakes import KINDS
from convivo.report.pictures import (
    EIGHT_NEIGHBOURS,
    TRUTH,
    Colour,
    Picture,
    borders,
    compare,
    flat,
    outlines,
)
from convivo.report.scaling import Shape, check_fit, picture_shape, scale_image, scale_labels
from convivo.report.unmatched import Unmatched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convivo.run.compare import Answer, Asked
    from convivo.types import Labels, Region

MERGED: Colour = (221, 120, 190)
DIVIDED: Colour = (240, 228, 66)
WINDOW = 144  # pixels of the image: about five nuclei of the scenes from side to side
SIDE = 2 * WINDOW  # pixels of the picture: about as large as it stands on the page, so that thin lines stay

Counted: TypeAlias = tuple[str, Picture]  # what is seen in a picture, in words, and the picture


def pictures_of(asked: Asked) -> tuple[Counted, ...]:
    """The piece of the image with most mistakes: the truth first, then each contender."""
    image, truth = flat(asked.example.image), flat(asked.truth)
    check_fit(asked.example.name, image, truth)
    where = window(asked)
    rows, columns = image[where].shape
    shape = picture_shape((rows, columns), SIDE)
    shown = scale_image(image[where], shape)
    true = scale_labels(truth[where], shape)
    number = np.unique(truth[where])
    first = f"{np.count_nonzero(number > 0)} true", outlines(shown, true, TRUTH)
    return first, *(_picture(answer, truth, where, shown, shape) for answer in asked.answers)


def window(asked: Asked) -> Region:
    """Where a square of WINDOW pixels holds the most pixels of mistaken objects, over all contenders.

    Of squares that hold as many, the one in their midst: then mistakes lie in the middle of the picture.
    """
    truth = flat(asked.truth)
    wrong: NDArray[np.float32] = np.zeros(truth.shape, np.float32)
    for answer in asked.answers:
        labels, made = flat(answer.labels), answer.mistakes
        wrong += np.isin(truth, made.missed) | np.isin(truth, made.divided) | np.isin(labels, made.invented)
    height, width = min(WINDOW, wrong.shape[0]), min(WINDOW, wrong.shape[1])
    means = uniform_filter(wrong, (height, width), mode="constant")
    # a mean stands in the middle of its square; kept are the squares that lie wholly in the image
    last_row, last_column = wrong.shape[0] - height + 1, wrong.shape[1] - width + 1
    means = means[height // 2 :, width // 2 :][:last_row, :last_column]
    if not wrong.any():
        row, column = (last_row - 1) // 2, (last_column - 1) // 2
    else:
        most = np.argwhere(means >= means.max() * (1 - 1e-6))
        row, column = map(int, most[((most - most.mean(axis=0)) ** 2).sum(axis=1).argmin()])
    return slice(row, row + height), slice(column, column + width)


def _picture(answer: Answer, truth: Labels, where: Region, shown: Picture, shape: Shape) -> Counted:
    found, true = flat(answer.labels)[where], truth[where]
    seen = _seen(answer.mistakes, found, true)
    found, true = (scale_labels(each, shape) for each in (found, true))
    nothing = np.zeros(0, np.int64)
    picture = compare(shown, found, true, Unmatched(seen.missed, seen.invented, nothing))
    _mark(picture, np.where(np.isin(true, seen.divided), true, 0), DIVIDED)
    _mark(picture, np.where(np.isin(found, seen.merged), found, 0), MERGED)
    counts = [f"{len(getattr(seen, kind))} {kind}" for kind in KINDS if len(getattr(seen, kind))]
    return ", ".join(counts) or "no mistakes", picture


def _seen(made: Mistakes, found: Labels, true: Labels) -> Mistakes:
    """Those mistakes of which something lies in the window."""
    return Mistakes(
        missed=np.intersect1d(made.missed, true),
        invented=np.intersect1d(made.invented, found),
        merged=np.intersect1d(made.merged, found),
        divided=np.intersect1d(made.divided, true),
    )


def _mark(picture: Picture, objects: Labels, colour: Colour) -> None:
    picture[binary_dilation(borders(objects), EIGHT_NEIGHBOURS)] = colour
