"""How much the members of an ensemble disagree, from 0 to 1 (Weigert et al., Nature Methods 2018, supplement).

Each member says a Laplace distribution of a pixel's value. Their mixture is what the ensemble says. The mean
Kullback-Leibler divergence from a member to the mixture is 0 where all say the same, and log(members) where no two
distributions overlap; divided by that it is the disagreement. A difference that is small beside what each member
admits not to know hardly counts.
"""

from __future__ import annotations

import numpy as np

from convivo.types import AnyArray, Pixels

# points of equal weight under each distribution at which the divergence is measured: with six it is right to 0.01
POINTS = 6


def disagreement(means: AnyArray, scales: AnyArray) -> Pixels:
    """Of Laplace distributions with these means and scales, both (members, ...): (...), between 0 and 1."""
    members = len(means)
    if members < 2:
        return np.zeros(means.shape[1:], np.float32)
    total = np.zeros(means.shape[1:], np.float32)
    for mean, scale in zip(means, scales, strict=True):
        for place in _quantiles():
            at = mean + np.float32(place) * scale
            own = np.exp(np.float32(-abs(place))) / scale
            mixture = np.mean(np.exp(-np.abs(at - means) / scales) / scales, axis=0)
            total += np.log(own / mixture)
    return np.asarray(np.clip(total / (members * POINTS * np.log(members)), 0, 1), np.float32)


def _quantiles() -> AnyArray:
    """Of the Laplace distribution with scale 1, in the middle of equal shares of it."""
    share = (np.arange(POINTS) + 0.5) / POINTS
    return np.asarray(-np.sign(share - 0.5) * np.log1p(-2 * np.abs(share - 0.5)))
