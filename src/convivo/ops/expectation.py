"""What a model is likely to score on an image whose truth nobody knows, from how far its traits deviate.

    expected accuracy = best x (1 - sum of cost x deviation)        never below 0

No deviation makes an image better, so no cost is below 0 (non-negative least squares, Lawson and Hanson 1974). Costs
are learned on altered copies of images whose truth is known. A sum goes on growing beyond what was tried, and every
deviation has a share in it that can be named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import nnls

from convivo.types import AnyArray

RIDGE = 1.0  # images' worth of evidence that a cost is 0
KEPT = 1e-3  # costs below are left out
GOOD = 0.9  # of the best accuracy: a good image, about which nobody should be alarmed
ALARMED = 0.03  # share of the good images that are suspected all the same
FOLDS = 5

Deviations = Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """What deviations cost; `best` is the accuracy where there is none."""

    best: float
    costs: dict[str, float] = field(default_factory=dict)
    floor: float = 0.0  # share of the best that is lost although nothing deviates
    limit: float = 1.0  # share that is expected to be lost, from which an image is suspicious

    def losses(self, deviations: Deviations) -> dict[str, float]:
        """Each deviation's share of what is lost, of 1."""
        return {
            name: self.costs[name] * deviations[name] for name in self.costs if deviations.get(name, 0) > 0
        }

    def lost(self, deviations: Deviations) -> float:
        """Share of the best accuracy that is expected to be lost, 0 to 1."""
        return min(1.0, self.floor + sum(self.losses(deviations).values()))

    def accuracy(self, deviations: Deviations) -> float:
        """That is expected."""
        return self.best * (1 - self.lost(deviations))


def learned(
    deviations: Sequence[Deviations],
    accuracies: Sequence[float],
    kinds: Sequence[str],
    names: Sequence[str],
    best: float,
) -> Expectation:
    """Costs that explain accuracies, and the limit from which an image is suspicious.

    kinds  of alteration: images of one kind count together as the root of their number
    names  of the images that were altered: the limit is measured on those that costs were not learned from
    """
    lost = np.clip(1 - np.asarray(accuracies) / best, 0, 1)
    found = _fitted(deviations, lost, kinds, best)
    every, number_of = np.unique(names, return_inverse=True)
    fold = number_of % FOLDS
    expected = np.zeros(len(lost))
    for number in range(FOLDS):
        others = np.flatnonzero(fold != number)
        if len(others):
            known = _fitted(
                [deviations[i] for i in others.tolist()],
                lost[others],
                [kinds[i] for i in others.tolist()],
                best,
            )
            for i in np.flatnonzero(fold == number).tolist():
                expected[i] = known.lost(deviations[i])
    good = expected[lost <= 1 - GOOD]
    if not len(good):
        return found
    # of few images, or of one, nobody knows what is expected of others: then what a good image may lose is no alarm
    least = 1 - GOOD if len(every) < FOLDS else 0.0
    return replace(found, limit=max(least, float(np.quantile(good, 1 - ALARMED))))


def _fitted(
    deviations: Sequence[Deviations], lost: AnyArray, kinds: Sequence[str], best: float
) -> Expectation:
    names = sorted({name for each in deviations for name in each})
    table = np.array([[each.get(name, 0.0) for name in names] + [1.0] for each in deviations])
    counts = Counter(kinds)
    weight = np.array([counts[kind] ** -0.5 for kind in kinds])
    ridge = RIDGE * weight.mean() * np.eye(len(names) + 1)
    ridge[-1, -1] = 0  # what is lost anyway is no cost
    costs, _ = nnls(
        np.vstack([table * weight[:, None], ridge]), np.concatenate([lost * weight, np.zeros(len(names) + 1)])
    )
    kept = {name: float(cost) for name, cost in zip(names, costs, strict=False) if cost > KEPT}
    return Expectation(best=best, costs=kept, floor=float(costs[-1]))
