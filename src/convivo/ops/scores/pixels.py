"""Pixel by pixel: Dice (1945) and intersection over union (Jaccard 1912) of each class of two class maps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convivo.errors import BadInput
from convivo.ops.scores.overlap import check_shapes
from convivo.types import AnyArray


@dataclass(frozen=True, slots=True)
class PixelScore:
    """Pixels of one class, and the scores that follow.

    A class that neither map holds scores 1: it is rightly absent.
    """

    shared: int  # pixels that both maps give to the class
    truth: int  # pixels of the class in the truth
    predicted: int  # pixels of the class in the prediction

    @property
    def dice(self) -> float:
        """Twice the shared pixels over the pixels of both."""
        both = self.truth + self.predicted
        return 2 * self.shared / both if both else 1.0

    @property
    def iou(self) -> float:
        """Shared pixels over the pixels of either."""
        either = self.truth + self.predicted - self.shared
        return self.shared / either if either else 1.0


def pooled_pixels(scores: Iterable[PixelScore]) -> PixelScore:
    """Add up the pixels of one class over several images."""
    counts = [(score.shared, score.truth, score.predicted) for score in scores]
    return PixelScore(*(sum(column) for column in zip((0, 0, 0), *counts, strict=True)))


def pixel_scores(
    truth_classes: AnyArray, predicted_classes: AnyArray, classes: int
) -> tuple[PixelScore, ...]:
    """Score each class 0 .. classes - 1 of two class maps, (Y, X) or (Z, Y, X), of one shape.

    Pixels whose true class is NaN or below 0 are unknown and left out, whatever was predicted there.

    Raises BadInput for shapes that differ and for values that are no class.
    """
    if classes < 1:
        raise BadInput(f"asked for the scores of {classes} classes", fix="use at least 1")
    check_shapes(truth_classes, predicted_classes)
    known = truth_classes >= 0  # false for NaN too
    truth = _whole(truth_classes[known], classes, "truth")
    predicted = _whole(predicted_classes[known], classes, "prediction")
    table = np.bincount(truth * classes + predicted, minlength=classes**2).reshape(classes, classes)
    counts = zip(
        table.diagonal().tolist(), table.sum(axis=1).tolist(), table.sum(axis=0).tolist(), strict=True
    )
    return tuple(PixelScore(*count) for count in counts)


def _whole(values: AnyArray, classes: int, name: str) -> NDArray[np.intp]:
    """Class numbers as integers; refuse what is none of the classes."""
    wrong = values[~np.isin(values, np.arange(classes))]
    if wrong.size:
        raise BadInput(
            f"the {name} holds the value {wrong[0]}, which is none of the classes 0 to {classes - 1}",
            fix="count the background as a class, and turn probabilities into classes first (argmax)",
        )
    return values.astype(np.intp)
