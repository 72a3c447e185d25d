"""Whether objects are as often right as their probability says: reliability in bins (Guo et al., ICML 2017).

    said     the mean probability of the objects in a bin
    right    the share of them that are right
    error    the mean distance of the two, each bin weighted by its objects: expected calibration error, ECE

Few objects are off by chance, so the error is held against the one that the same objects would show if each were right
as often as it says (Bröcker, Smith 2007).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convivo.ops.scores.assignment import assign
from convivo.ops.scores.matching import answerable
from convivo.ops.scores.overlap import count_overlaps
from convivo.types import Labels

BINS = 10
DRAWS = 1000
CHANCE = 0.99  # of perfect probabilities that show less
SURE = 1.96  # standard deviations of a 95 % interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """The objects found in one image: how likely each was said to be one, and whether it is."""

    said: Floats  # (objects,) 0 to 1
    right: NDArray[np.bool_]  # (objects,)


@dataclass(frozen=True, slots=True)
class Bin:
    """Objects of about one probability."""

    low: float
    high: float
    objects: int
    said: float
    right: float

    @property
    def right_at_most(self) -> float:
        """Upper end of the 95 % interval of the share that is right (Wilson 1927)."""
        spread = SURE**2 / self.objects
        centre = self.right + spread / 2
        half = (spread * (self.right * (1 - self.right) + spread / 4)) ** 0.5
        return float((centre + half) / (1 + spread))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far off probabilities are, and how far by chance."""

    bins: tuple[Bin, ...]  # that hold objects
    error: float
    interval: tuple[float, float]  # 95 %, a bootstrap over the images
    chance: float  # error that 99 of 100 perfect probabilities stay below

    @property
    def objects(self) -> int:
        """All that were judged."""
        return sum(each.objects for each in self.bins)


def judged(
    truth: Labels, labels: Labels, probabilities: Mapping[int, float], iou: float = 0.5
) -> Judged | None:
    """Judge the objects of an image (see `match`); None where not all of them have a probability.

    An object that lies mostly in the unknown, and has no partner, is not judged.
    """
    overlaps = count_overlaps(truth, labels)
    chosen = assign(overlaps, iou)
    counts = answerable(overlaps, chosen)
    right = np.zeros(len(counts), bool)
    right[overlaps.label_row[chosen]] = True
    said = np.array([probabilities.get(int(label), np.nan) for label in overlaps.label_ids[counts]], float)
    return Judged(said, right[counts]) if ((said >= 0) & (said <= 1)).all() else None


def calibration(images: Sequence[Judged], seed: int = 0) -> Calibration | None:
    """How well probabilities of objects are calibrated over images together; None where nothing was found."""
    if not any(len(each.said) for each in images):
        return None
    rng = np.random.default_rng(seed)
    sums = np.array([_sums(each.said, each.right) for each in images])  # (images, 3, bins)
    total = sums.sum(axis=0)
    drawn = rng.multinomial(len(images), [1 / len(images)] * len(images), size=DRAWS)
    errors = [_error(each) for each in np.tensordot(drawn, sums, axes=1) if each[0].any()]
    low, high = np.quantile(errors, [0.025, 0.975])
    return Calibration(_bins(total), _error(total), (float(low), float(high)), _chance(total, rng))


def _sums(said: Floats, right: NDArray[np.bool_]) -> Floats:
    """Objects, probabilities and right ones of each bin, (3, bins)."""
    number = np.minimum((said * BINS).astype(np.intp), BINS - 1)
    return np.array([np.bincount(number, each, BINS) for each in (np.ones(len(said)), said, right)])


def _error(sums: Floats) -> float:
    objects, said, right = sums
    return float(np.abs(said - right).sum() / objects.sum())


def _chance(sums: Floats, rng: np.random.Generator) -> float:
    """Error that perfect probabilities would show with so many objects in each bin, at most."""
    objects, said, _ = sums
    right = rng.binomial(objects.astype(np.int64), said / np.maximum(objects, 1), size=(DRAWS, len(objects)))
    return float(np.quantile([_error(np.array([objects, said, each])) for each in right], CHANCE))


def _bins(sums: Floats) -> tuple[Bin, ...]:
    return tuple(
        Bin(number / BINS, (number + 1) / BINS, int(objects), float(said / objects), float(right / objects))
        for number, (objects, said, right) in enumerate(sums.T)
        if objects
    )
