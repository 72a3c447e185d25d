"""Which objects stand alone after matching: missed in the truth, invented, or not to be judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convivo.ops.scores import Pair
    from convivo.types import Labels


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Numbers of the objects without a partner."""

    missed: NDArray[np.integer]  # in the truth
    invented: NDArray[np.integer]  # in the labels
    unjudged: NDArray[np.integer]  # in the labels, more than half where the truth is unknown


def unmatched(labels: Labels, truth: Labels, pairs: Sequence[Pair]) -> Unmatched:
    """Find them as the scores count them: what lies for more than half in unknown truth is no mistake."""
    missed = np.setdiff1d(object_numbers(truth), [pair.truth_id for pair in pairs])
    alone = np.setdiff1d(object_numbers(labels), [pair.label_id for pair in pairs])
    unjudged = _mostly_unknown(labels, truth, alone)
    return Unmatched(missed, np.setdiff1d(alone, unjudged), unjudged)


def object_numbers(labels: Labels) -> NDArray[np.integer]:
    """Give the numbers of the objects, sorted; background and unknown are none."""
    numbers = np.unique(labels)
    return numbers[numbers > 0]


def _mostly_unknown(labels: Labels, truth: Labels, alone: NDArray[np.integer]) -> NDArray[np.integer]:
    numbers, areas = np.unique(labels, return_counts=True)
    hidden, hidden_areas = np.unique(labels[truth < 0], return_counts=True)
    areas_of_hidden = areas[np.searchsorted(numbers, hidden)]
    return np.intersect1d(alone, hidden[2 * hidden_areas > areas_of_hidden])
