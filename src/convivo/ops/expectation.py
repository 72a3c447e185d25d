"""What a model is likely to score on an image whose truth nobody knows, from images like it whose truth is known.

    expected loss of image x = 1 + sum over the images i that were tried of w_i k(x, i)        0 to 1, of the best
    k(x, i) = exp(-d(x, i)^2 / (2 l^2)),   d^2 the mean over the traits of their squared difference, in spreads

This is regression by a Gaussian process (Rasmussen and Williams, 2006, equation 2.23) whose prior mean is that all is
lost: an image like others gets what these got, and of an image that is like none nothing is believed. The images that
were tried are those that chose the model, and altered copies of them. Length and noise were chosen on images of the
training side of `nuclei`, so that failures of a kind that was never tried are found (decision 0018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from convivo.types import AnyArray

LENGTH = 0.7  # spreads, within which images are alike
NOISE = 0.5  # images that look alike differ in accuracy by this share of what any two may differ
PRIOR = 1.0  # share of the accuracy that is lost where nothing is known
GOOD = 0.9  # of the best accuracy: a good image, about which nobody should be alarmed
FAILED = 0.5  # of the best accuracy: below, an answer is of no use
ALARMED = 0.05  # share of the good images that are suspected all the same
FOLDS = 5
STEP = 1 / 25  # spreads, to which deviations are kept

Deviations = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Experience:
    """The images that were tried: their deviations, each row in the order of `names`."""

    names: tuple[str, ...]
    rows: bytes  # signed, in steps of STEP: there are thousands, and they travel with the model

    @cached_property
    def matrix(self) -> AnyArray:
        """(images, names)."""
        return np.frombuffer(self.rows, np.int8).reshape(-1, max(1, len(self.names))) * STEP

    def table(self, names: Sequence[str]) -> AnyArray:
        """(images, names), without the other traits."""
        return self.matrix[:, [self.names.index(name) for name in names]]


UNTRIED = Experience(names=(), rows=b"")


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """What the tried images tell of others, by some of their traits; `best` is the accuracy on unaltered ones."""

    best: float
    names: tuple[str, ...]  # of the traits that count
    weights: tuple[float, ...]  # of the tried images
    limit: float  # expected loss, from which an image is suspicious

    def lost(self, deviations: Deviations, experience: Experience) -> float:
        """Share of the best accuracy that is expected to be lost, 0 to 1."""
        return self._lost([deviations], experience)[0]

    def _lost(self, images: Sequence[Deviations], experience: Experience) -> list[float]:
        rows = np.array([[each.get(name, 0.0) for name in self.names] for each in images])
        likeness = _likeness(rows, experience.table(self.names))
        return [float(lost) for lost in np.clip(PRIOR + likeness @ np.array(self.weights), 0, 1)]

    def share(self, deviations: Deviations, experience: Experience, names: Set[str]) -> float:
        """How much of what is lost is due to these traits, alone and beside all others.

        The larger of what is lost when they alone deviate, and of what is gained when they alone do not: where two
        reasons are each enough, taking one away gains nothing, and where only both together are, one alone loses
        nothing. Never below 0.
        """
        alone = {name: value for name, value in deviations.items() if name in names}
        others = {name: value for name, value in deviations.items() if name not in names}
        none, these, rest, all_ = self._lost(({}, alone, others, deviations), experience)
        return max(0.0, these - none, all_ - rest)

    def doubt(self, lost: float) -> float:
        """1 at the limit, 2 where half of the accuracy is lost, and in proportion between and beyond."""
        failed = max(1 - FAILED, 1.5 * self.limit)
        if lost <= self.limit:
            return lost / max(self.limit, 1e-6)
        return 1 + (lost - self.limit) / (failed - self.limit)


def experienced(deviations: Sequence[Deviations], names: Sequence[str]) -> Experience:
    """Keep these deviations; a trait that an image has not is as usual."""
    table = np.array([[each.get(name, 0.0) for name in names] for each in deviations])
    return Experience(names=tuple(names), rows=np.round(table / STEP).astype(np.int8).tobytes())


def learned(
    experience: Experience,
    traits: Sequence[str],
    accuracies: Sequence[float],
    images: Sequence[str],
    best: float,
) -> Expectation:
    """What these images tell by the given traits.

    images  names of the images that were altered: the limit is measured on those of which nothing was known
    """
    table = experience.table(traits)
    lost = np.clip(1 - np.asarray(accuracies, float) / best, 0, 1)
    fold = np.unique(images, return_inverse=True)[1] % FOLDS
    expected = np.full(len(lost), PRIOR)
    for number in np.unique(fold):
        here = fold == number
        expected[here] = _predicted(table[~here], lost[~here], table[here])
    return Expectation(
        best=best,
        names=tuple(traits),
        weights=tuple(float(f"{weight:.4g}") for weight in _weights(table, lost)),
        limit=_limit(expected[lost <= 1 - GOOD], len(np.unique(images))),
    )


def _limit(good: AnyArray, images: int) -> float:
    """What all but a few of the good images stay below; of few images, or of one, at least what is good anyway."""
    least = 1 - GOOD if images < FOLDS else 0.02
    return float(np.clip(np.quantile(good, 1 - ALARMED), least, FAILED)) if len(good) else FAILED


def _predicted(table: AnyArray, lost: AnyArray, asked: AnyArray) -> AnyArray:
    return PRIOR + _likeness(asked, table) @ _weights(table, lost)


def _weights(table: AnyArray, lost: AnyArray) -> AnyArray:
    """Of the tried images: what remains to be explained, shared among those that are alike."""
    covariance = _likeness(table, table) + NOISE**2 * np.eye(len(table))
    return np.asarray(np.linalg.solve(covariance, lost - PRIOR))


def _likeness(some: AnyArray, others: AnyArray) -> AnyArray:
    """(some, others), 1 for what is equal."""
    squares = (some**2).sum(1)[:, None] + (others**2).sum(1) - 2 * some @ others.T
    return np.asarray(np.exp(-np.maximum(squares, 0) / max(some.shape[1], 1) / (2 * LENGTH**2)))
