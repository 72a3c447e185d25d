"""Which objects of an answer go, and which others come, when the same is asked in slightly different ways.

An object goes where one of the other answers has none that shares half of the area that both cover (IoU 0.5). One of
another answer that has no partner comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.ops.scores import matched_pairs
from convivo.types import Labels

IOU = 0.5  # from which an object is the same
DRAWN = 0.5  # share of an object that comes, from which it is one that has come already


@dataclass(frozen=True, slots=True)
class ComingAndGoing:
    """What does not stay."""

    goes: NDArray[np.integer]  # numbers of the objects that go at least once
    comes: Labels  # the objects that come, numbered from 1; those of several answers in one place count once

    @property
    def coming(self) -> int:
        """How many come."""
        return int(self.comes.max(initial=0))


def coming_and_going(labels: Labels, others: Iterable[Labels]) -> ComingAndGoing:
    """Hold an answer against others of the same shape, (Y, X) or (Z, Y, X)."""
    goes: set[int] = set()
    comes = np.zeros(labels.shape, np.int32)
    number = 0
    objects = set(_numbers(labels))
    for other in others:
        pairs = matched_pairs(labels, other, IOU)
        goes |= objects - {pair.truth_id for pair in pairs}
        partners = {pair.label_id for pair in pairs}
        for new, where in enumerate(ndimage.find_objects(other), start=1):
            if where is None or new in partners:
                continue
            inside = other[where] == new
            free = inside & (comes[where] == 0)
            if free.sum() > (1 - DRAWN) * inside.sum():
                number += 1
                comes[where][free] = number
    return ComingAndGoing(np.array(sorted(goes), np.int64), comes)


def _numbers(labels: Labels) -> list[int]:
    numbers = np.unique(labels)
    return [int(number) for number in numbers[numbers > 0]]
