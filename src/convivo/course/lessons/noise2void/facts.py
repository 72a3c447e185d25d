"""What the numbers of the lesson on Noise2Void follow from.

The fit of "Blind spot" is done again, by numpy: of all ways to weigh the 9 x 9 pixels around a pixel, the one that
guesses the noisy pixels of a simulated field best.
"""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from convivo.methods.n2v import METHOD
from convivo.ops.blind_spots import BlindSpot
from convivo.ops.simulate import Microscope, Scene, simulate

Values: TypeAlias = NDArray[np.float64]

SIDE = 9  # of the window
MIDDLE = SIDE * SIDE // 2
DEVIATION = 0.2  # of the noise, where nuclei are as bright as 1
FADING = 0.88  # correlation of neighbours in a row, of noise that runs along rows
ALL = np.arange(SIDE * SIDE)
NOT_THE_PIXEL = np.delete(ALL, MIDDLE)
NOT_ITS_ROW = ALL[ALL // SIDE != SIDE // 2]


def variance_of_the_noise() -> float:
    """Of noise with a standard deviation of 0.2."""
    return DEVIATION**2


def hidden_percent() -> float:
    """Of the pixels of a patch, in convivo."""
    return 100 * float(METHOD.settings["share"])


def hidden_in_a_patch() -> float:
    """Pixels hidden in a patch of the default side, on average."""
    return float(METHOD.settings["share"]) * METHOD.patch**2


def neighbours_to_choose_from() -> int:
    """In the window that a hidden pixel's stand-in is drawn from."""
    spot = BlindSpot(radius=int(METHOD.settings["radius"]))
    return (2 * spot.radius + 1) ** 2 - 1


def weight_of_the_pixel_itself() -> float:
    """Where the fit may look at it."""
    return float(_weights("own", "open")[MIDDLE])


def own_noise_left() -> float:
    """Percent of the variance of each pixel's own noise that comes through, the pixel hidden."""
    return 100 * float((_weights("own", "pixel") ** 2).sum())


def row_noise_left() -> float:
    """Percent of the variance of noise along rows that comes through, the pixel hidden."""
    return _rows_through("pixel")


def row_noise_left_with_the_row_hidden() -> float:
    """The same with the pixel's row hidden."""
    return _rows_through("row")


def lowest_loss() -> float:
    """The loss of a perfect guess: the truth against noisy pixels."""
    noise = _noise("own")
    return float((noise**2).mean())


def middle_of_skewed_noise() -> float:
    """Median of Poisson counts whose mean is 0.6."""
    return float(np.median(np.random.default_rng(0).poisson(0.6, 100_001)))


def mean_of_skewed_noise() -> float:
    """Their mean."""
    return float(np.random.default_rng(0).poisson(0.6, 100_001).mean())


def _rows_through(spot: str) -> float:
    weights = _weights("rows", spot).reshape(SIDE, SIDE)
    apart = np.abs(np.subtract.outer(np.arange(SIDE), np.arange(SIDE)))
    return 100 * float(sum(row @ FADING**apart @ row for row in weights))


@cache
def _weights(kind: str, spot: str) -> Values:
    """The 81 weights that guess best; 0 where the fit must not look."""
    noisy = _field() + _noise(kind)
    windows = sliding_window_view(noisy - noisy.mean(), (SIDE, SIDE)).reshape(-1, SIDE * SIDE)
    products = windows.T @ windows
    seen = {"open": ALL, "pixel": NOT_THE_PIXEL, "row": NOT_ITS_ROW}[spot]
    weights = np.zeros(SIDE * SIDE)
    weights[seen] = np.linalg.solve(products[np.ix_(seen, seen)], products[seen, MIDDLE])
    return weights


@cache
def _field() -> Values:
    """Nuclei without noise, from 0 to about 1."""
    clean = simulate(Scene(), Microscope(), seed=3).clean.astype(float)
    dark, bright = np.percentile(clean, (1, 99.8))
    return np.asarray((clean - dark) / (bright - dark))


@cache
def _noise(kind: str) -> Values:
    """Noise of each pixel's own, or along rows, new in each row."""
    fresh = np.random.default_rng(1).standard_normal(_field().shape)
    if kind == "rows":
        for column in range(1, fresh.shape[1]):
            fresh[:, column] = FADING * fresh[:, column - 1] + np.sqrt(1 - FADING**2) * fresh[:, column]
    return DEVIATION * fresh
