"""How much the members of an ensemble disagree, from 0 to 1 (Weigert et al., Nature Methods 2018, supplement).

Each member says a Laplace distribution of a pixel's value. Their mixture is what the ensemble says. The mean
Kullback-Leibler divergence from a member to the mixture is 0 where all say the same, and log(members) where no two
distributions overlap; divided by that it is the disagreement. A difference that is small beside what each member
admits not to know hardly counts.
"""

from __future__ import annotations

import numpy as np

from convivo.types import AnyArray, Pixels

# points of equal weight under each distribution at which the divergence is measured: with ten it is off by 0.02 on
# average, hardly leaning to one side (the middles of equal shares, which leave out the tails, say 0.04 too much)
POINTS = 10


def disagreement(means: AnyArray, scales: AnyArray) -> Pixels:
    """Of Laplace distributions with these means and scales, both (members, ...): (...), between 0 and 1."""
    members = len(means)
    if members < 2:
        return np.zeros(means.shape[1:], np.float32)
    total = np.zeros(means.shape[1:], np.float32)
    for mean, scale in zip(means, scales, strict=True):
        for place in _points():
            at = mean + np.float32(place) * scale
            own = np.exp(np.float32(-abs(place))) / scale
            mixture = np.mean(np.exp(-np.abs(at - means) / scales) / scales, axis=0)
            total += np.log(own / mixture)
    return np.asarray(np.clip(total / (members * POINTS * np.log(members)), 0, 1), np.float32)


def _points() -> AnyArray:
    """The mean of each of so many equal shares of the Laplace distribution with scale 1."""
    beyond = np.linspace(1, 0, POINTS // 2 + 1)  # share of one side that lies further out
    outside = beyond - beyond * np.log(
        np.maximum(beyond, np.finfo(float).tiny)
    )  # their sum: integral of t exp(-t)
    side = -np.diff(outside) * POINTS / 2
    return np.concatenate([-side[::-1], side])
