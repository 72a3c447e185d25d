"""What the numbers of the lesson on CARE follow from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Values: TypeAlias = NDArray[np.float64]

FEW, MANY = 4, 100  # photons that a pixel of a nucleus collects
ON_THE_LEFT = 0.6  # share of the training patches in which a faint thread lies on the left
ANSWERS = np.linspace(0, 1, 1001)  # brightness that a net may draw on the left
SHORTER = 10  # times
GREY = 100.0  # counts of an even grey field


def noise_of_few_photons() -> float:
    """Percent: standard deviation over mean of photon counts."""
    return 100 * sqrt(FEW) / FEW


def noise_of_many_photons() -> float:
    """Percent: the same of a long exposure."""
    return 100 * sqrt(MANY) / MANY


def longer_for_half_the_noise() -> float:
    """How many times longer one exposes, so that the share of noise is halved."""
    return (0.5) ** -2


def squared_loss_of_a_guess() -> float:
    """Two places are equally likely for a thread of brightness 1, and one is drawn: mean squared error at a place."""
    return float(np.mean([(drawn - there) ** 2 for drawn in (0, 1) for there in (0, 1)]))


def squared_loss_of_the_average() -> float:
    """The same where both places are drawn half as bright."""
    return float(np.mean([(0.5 - there) ** 2 for there in (0, 1)]))


def drawn_by_squares() -> float:
    """What brightness on the left has the least mean squared error, where the thread is there in 60 % of cases."""
    return _best(lambda drawn, there: (drawn - there) ** 2)


def drawn_by_amounts() -> float:
    """The same for the mean absolute error, by which convivo's CARE learns."""
    return _best(lambda drawn, there: abs(drawn - there))


def _best(error: Callable[[Values, int], Values]) -> float:
    losses = ON_THE_LEFT * error(ANSWERS, 1) + (1 - ON_THE_LEFT) * error(ANSWERS, 0)
    return float(ANSWERS[np.argmin(losses)])


def grain_shared_by_two_exposures() -> float:
    """Correlation of the grain of a long exposure with that of a short one that was taken apart from it; no sign."""
    long, (apart, _) = _exposures()
    return abs(_correlation(long, apart))


def grain_shared_by_a_computed_twin() -> float:
    """The same where the short exposure was computed from the long one."""
    long, (_, computed) = _exposures()
    return _correlation(long, computed)


@cache
def _exposures() -> tuple[Values, tuple[Values, Values]]:
    """A long exposure of an even grey field; a short one that was taken too; one that is computed from the long one."""
    rng = np.random.default_rng(0)
    shape = (512, 512)
    long = rng.poisson(GREY, shape).astype(float)
    apart = rng.poisson(GREY / SHORTER, shape).astype(float)
    computed = rng.poisson(long / SHORTER).astype(float)
    return long, (apart, computed)


def _correlation(one: Values, other: Values) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])
