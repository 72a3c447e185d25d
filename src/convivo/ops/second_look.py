"""A blind-spot net guesses a pixel from its neighbours alone. Then the pixel itself is looked at again.

The net's guess is off by what neighbours do not tell, the measured value by its noise, and the two errors have nothing
to do with each other. So the best mean of both (least squares) leans on the measured value the more, the larger the
guess's error is beside the noise:

    restored = guess + w (measured - guess)        w = 1 - noise variance / (squared difference, on average around here)

Laine et al. (NeurIPS 2019) and Krull et al. (2020, PN2V) do the same with nets that say how sure they are. Here both
variances are read from the image, so any blind-spot net will do. Measured and guessed values differ by noise and by the
guess's error. Noise depends on brightness alone, along a line; the guess's error on what there is to guess. So beside
the line of all places of one brightness, some places differ more and some less, and those that differ least show the
noise. But a mean of a few hundred squares differs by chance too, and 10 % of noise too little would bring more noise
back than a good guess lacks. Chance is told by halves: means of the black and of the white pixels of a chessboard share
the place and no noise, so what they have in common is real, and only that is believed (an empirical Bayes estimate, as
James and Stein's).
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.types import AnyArray, Map

AROUND = 4.0  # sigma in pixels, along Y and X, of what "around here" means
AROUND_Z = 1.0  # and in planes
MOST = 0.9  # of the measured value that is ever taken
QUIET = 1.28  # deviations below the middle, in logarithms: the tenth of the places where guesses are best
LEVELS = 12  # of brightness, with as many pixels each, at which squared differences are read
STEP = 3  # every so many pixels along Y and X are looked at: beside them hardly anything is new
TINY = 1e-3  # of what is usual: below it there is no noise


def second_look(measured: AnyArray, guess: Map) -> Map:
    """The best mean of one channel, (Y, X) or (Z, Y, X), and what a net guessed of it from neighbours."""
    apart = np.asarray(measured, np.float32) - guess
    unit = np.abs(apart).max(initial=0)  # squares of what is very large, or very small, are no numbers
    if _thinned(guess).size <= LEVELS or not unit > 0:  # nothing can be told
        return guess
    squares = np.square(apart / unit)
    usual = _usual(guess / unit, squares)
    if usual is None:
        return guess
    noise, seen = _noise_and_seen(squares / usual)
    return np.asarray(guess + np.clip(1 - noise / seen, 0, MOST) * apart, np.float32)


def _usual(guess: Map, squares: Map) -> Map | None:
    """The squared difference that is usual at each pixel's brightness; None where there is no difference at all."""
    signals, seen = _thinned(guess), _thinned(squares)
    edges = np.unique(np.quantile(signals, np.linspace(0, 1, LEVELS + 1)))
    levels = [(signals >= low) & (signals <= high) for low, high in pairwise(edges)] or [
        np.ones(len(signals), bool)
    ]
    points = np.array([(signals[level].mean(), seen[level].mean()) for level in levels if level.any()])
    least = max(points[:, 1].min(), TINY * points[:, 1].max())  # a part without any noise is not a measure
    if least <= 0:
        return None
    slope, floor = _line(*points.T)
    return np.asarray(np.maximum(np.float32(slope) * guess + np.float32(floor), np.float32(least)))


def _line(signals: NDArray[np.float64], variances: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and floor; level where it would fall, because brighter is never less noisy (photons give the slope)."""
    if len(signals) > 1:
        # a variance is known to a share of itself, so dark levels count most
        weights = 1 / np.maximum(variances, variances.max() * TINY)
        slope, floor = np.polyfit(signals, variances, 1, w=weights)
        if slope > 0:
            return float(slope), float(floor)
    return 0.0, float(variances.mean())


def _noise_and_seen(ratios: Map) -> tuple[np.float32, Map]:
    """The variance of the noise, and the mean squared difference around each pixel; both over what is usual."""
    black = np.indices(ratios.shape, dtype=np.uint8).sum(axis=0) % 2 == 0
    both, of_black = _around(ratios), _around(ratios * black)
    halves = [_thinned(_log(2 * half)) for half in (of_black, both - of_black)]
    together = _log(both)
    middle, variance = np.median(_thinned(together)), _thinned(together).var()
    real = max(0.0, float(np.cov(halves[0], halves[1])[0, 1]))  # of that variance
    believed = min(1.0, real / variance) if variance > 0 else 0.0
    noise = np.exp(middle - QUIET * np.sqrt(real))
    return np.float32(noise), np.exp(middle + np.float32(believed) * (together - middle))


def _around(values: AnyArray) -> Map:
    """Mean of the values around each pixel."""
    sigma = (AROUND_Z, AROUND, AROUND)[-values.ndim :]
    smooth = partial(ndimage.gaussian_filter, sigma=sigma, truncate=2.5)
    return np.asarray(smooth(np.asarray(values, np.float32)))


def _log(values: Map) -> Map:
    return np.asarray(np.log(np.maximum(values, np.float32(TINY))))


def _thinned(values: Map) -> Map:
    return values[..., ::STEP, ::STEP].ravel()
