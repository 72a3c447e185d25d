"""How far the traits of an image lie from those of the images that a model knows.

Each trait has a middle and two limits, between which all but one in a hundred of the known images lie, and a spread,
from the tenth to the ninetieth hundredth of them. Limits tell what was ever seen; the spread is the unit in which
images are compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

LEVELS = (0.005, 0.5, 0.995)  # quantiles over the known images: lower limit, middle, upper limit
SPREAD = (0.1, 0.9)
MOST = 4.0  # spreads: farther away nothing is known, and nothing gets worse
TINY = 1e-3  # of a trait's own unit: what is the same in all images differs by no less
FEWEST = 5  # images that have a trait, below which nothing is typical

Traits = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Usual:
    """One trait over the images that a model knows."""

    low: float
    middle: float
    high: float
    spread: float

    def deviation(self, value: float) -> float:
        """From the middle, in spreads, from -MOST to MOST."""
        return float(np.clip((value - self.middle) / self.spread, -MOST, MOST))

    def beyond(self, value: float) -> float:
        """Above 1 where no known image is like this: 0 at the middle, 1 at the nearer limit."""
        limit = self.high if value >= self.middle else self.low
        return abs(value - self.middle) / max(abs(limit - self.middle), TINY)


Typical = Mapping[str, Usual]


def typical(traits: Sequence[Traits]) -> dict[str, Usual]:
    """What is usual of each trait over images. Few images know their limits badly, so these are wider."""
    names = dict.fromkeys(name for each in traits for name in each)
    found = {}
    for name in names:
        values = np.array([each[name] for each in traits if name in each])
        if len(values) < FEWEST:
            continue
        low, middle, high = np.quantile(values, LEVELS)
        tenth, ninth = np.quantile(values, SPREAD)
        wider = 1 + 2 / np.sqrt(len(values))
        found[name] = Usual(
            low=float(middle - wider * (middle - low)),
            middle=float(middle),
            high=float(middle + wider * (high - middle)),
            spread=float(ninth - tenth) + TINY,
        )
    return found


def deviations(traits: Traits, known: Typical) -> dict[str, float]:
    """How far from the usual, in spreads, for every trait that both have."""
    return {name: known[name].deviation(traits[name]) for name in traits.keys() & known.keys()}
