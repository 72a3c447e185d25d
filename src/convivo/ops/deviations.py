"""How far the traits of an image lie from those of the images that a model knows.

Each trait has a middle and two limits, between which all but one in a hundred of the known images lie. A deviation is 0
at the middle and 1 at a limit: above in `name+`, below in `name-`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

LEVELS = (0.005, 0.5, 0.995)  # quantiles over the known images: lower limit, middle, upper limit
MOST = 3.0  # beyond three times a limit nothing is known, and nothing gets worse
TINY = 1e-6
FEWEST = 5  # images that have a trait, below which nothing is typical

Traits = Mapping[str, float]
Typical = Mapping[str, tuple[float, float, float]]  # lower limit, middle, upper limit


def typical(traits: Sequence[Traits]) -> dict[str, tuple[float, float, float]]:
    """Limits and middle of each trait over images. Few images know their spread badly, so their limits are wider."""
    names = dict.fromkeys(name for each in traits for name in each)
    found = {}
    for name in names:
        values = np.array([each[name] for each in traits if name in each])
        if len(values) < FEWEST:
            continue
        low, middle, high = np.quantile(values, LEVELS)
        wider = 1 + 2 / np.sqrt(len(values))
        found[name] = (
            float(middle - wider * (middle - low)),
            float(middle),
            float(middle + wider * (high - middle)),
        )
    return found


def deviations(traits: Traits, known: Typical) -> dict[str, float]:
    """How far above and below, for every trait that both have; never more than MOST."""
    found = {}
    for name in traits.keys() & known.keys():
        low, middle, high = known[name]
        off = traits[name] - middle
        found[f"{name}+"] = float(np.clip(off / max(high - middle, TINY), 0, MOST))
        found[f"{name}-"] = float(np.clip(-off / max(middle - low, TINY), 0, MOST))
    return found
