"""Shot noise that stands still: the same pixels stay the lucky ones while the exposure is changed.

A generator that draws Poisson numbers draws others at every rate, and a picture under a slider would flicker. Here each
pixel keeps its chance u, and catches the least number k of photons with P(at most k) >= u: the quantile function, in
which the number grows with the rate and with u alone.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from convivo.types import AnyArray

MANY = 12.0  # expected photons, from which the quantile of a normal number says it, corrected for the skew
SEED = 1


@lru_cache(maxsize=4)
def chances(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Numbers between 0 and 1, the same for every picture of this shape."""
    return np.random.default_rng(SEED).random(shape)


def caught(expected: AnyArray, chance: AnyArray) -> NDArray[np.float64]:
    """Photons where so many are expected, by the chance of each pixel; exact below MANY, within 1 above."""
    spread = ndtri(chance)
    # Cornish and Fisher (1938), to the first order
    found = np.rint(expected + np.sqrt(expected) * spread + (spread**2 - 1) / 6)
    few = expected < MANY
    found[few] = _quantile(expected[few], chance[few])
    return np.asarray(np.maximum(found, 0))


def _quantile(expected: AnyArray, chance: AnyArray) -> NDArray[np.float64]:
    """Count upwards until the distribution function has passed the chance."""
    found = np.zeros(expected.shape)
    likely = np.exp(-expected)
    below = likely.copy()
    step = 0
    while (missed := below < chance).any() and step < 100:  # rounding may leave a chance next to 1 unreached
        step += 1
        found += missed
        likely = likely * expected / step
        below += likely
    return found
