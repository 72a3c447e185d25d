"""A blind-spot net guesses a pixel from its neighbours alone. Then the pixel itself is looked at again.

The net's guess is off by what neighbours do not tell, the measured value by its noise, and the two errors have nothing
to do with each other. So the best mean of both (least squares) leans on the measured value the more, the larger the
guess's error is beside the noise:

    restored = guess + w (measured - guess)        w = v / (v + noise variance)

v is how far off guesses are around here: measured and guessed values differ by v + noise variance on average, which is
seen, and the noise is known from where guesses are good. Laine et al. (NeurIPS 2019) and Krull et al. (2020, PN2V) do
the same with nets that say v themselves; here it is read from the image, so any blind-spot net will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.types import AnyArray, Map

AROUND = 6.0  # sigma in pixels, along Y and X, of what "around here" means
AROUND_Z = 1.0  # and in planes
MOST = 0.9  # of the measured value that is ever taken
GOOD = 10  # percentile of the squared differences where guesses are good: there all that is seen is noise
OTHER = 1.5  # times the known variance, or one over it: then the noise is another
LEVELS = 12  # of brightness at which the noise is read
FEWEST = 200  # places at each of them
LEAST = 0.05  # share of the pixels around a place that must be known
STEP = 3  # every so many pixels along Y and X are looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class NoiseLine:
    """Variance of the noise, in squared units of the image: floor + slope x signal. Photons give it its slope."""

    slope: float
    floor: float  # below 0 where a camera's offset stands in the signal
    least: float = 0.0  # the smallest variance that was seen: in the dark the line may lead below it

    def variance(self, signal: AnyArray) -> Map:
        """At each pixel; never below the least, nor a tenth of the floor, however dark."""
        found = np.float32(self.floor) + np.float32(self.slope) * signal
        return np.asarray(np.maximum(found, np.float32(max(self.least, 0.1 * self.floor))), np.float32)


def second_look(measured: AnyArray, guess: Map, noise: NoiseLine) -> Map:
    """The best mean of one channel, (Y, X) or (Z, Y, X), and what a net guessed of it from neighbours."""
    apart = np.asarray(measured, np.float32) - guess
    seen = _around(np.square(apart))
    known = noise.variance(guess)
    known = known * _times_as_strong(seen, known)
    weight = np.clip(1 - known / np.maximum(seen, np.finfo(np.float32).tiny), 0, MOST)
    return np.asarray(guess + weight * apart, np.float32)


def _times_as_strong(seen: Map, known: Map) -> np.float32:
    """The variance of this image's noise over what is known of the training images'; 1 where it may be the same.

    Another gain or exposure: with the noise of others, a stronger one would be brought back, a weaker one blurred.
    """
    noisy = known > 0
    if not noisy.any():
        return np.float32(1)
    found = np.percentile((seen[noisy] / known[noisy])[::STEP], GOOD)
    return np.float32(1 if 1 / OTHER < found < OTHER else found)


def noise_line(guesses: Sequence[Map], squares: Sequence[AnyArray]) -> NoiseLine | None:
    """What the noise of one channel of some images is; None where there are too few places to tell.

    `squares` are the squared differences between measured values and guesses that did not know them, NaN where there
    is none: of pixels that were hidden. (A net that was not trained for long does not quite ignore what it sees.)
    """
    signals = np.concatenate([_thinned(_around(guess)) for guess in guesses])
    seen = np.concatenate([_thinned(_around(each)) for each in squares])
    edges = np.quantile(signals, np.linspace(0, 1, LEVELS + 1))
    points = []
    for low, high in pairwise(edges):
        inside = (signals >= low) & (signals <= high) & np.isfinite(seen)
        if inside.sum() >= FEWEST:
            points.append((np.median(signals[inside]), np.percentile(seen[inside], GOOD)))
    return _line(np.array(points)) if points else None


def _line(points: NDArray[np.float64]) -> NoiseLine:
    """Through (signal, variance) points; level where it would fall, because brighter is never less noisy."""
    signals, variances = points.T
    if np.ptp(signals) > 0:
        slope, floor = np.polyfit(signals, variances, 1)
        if slope > 0:
            return NoiseLine(slope=float(slope), floor=float(floor), least=float(variances.min()))
    return NoiseLine(slope=0.0, floor=float(variances.mean()))


def _around(values: AnyArray) -> Map:
    """Mean of the known values around each pixel; NaN is unknown."""
    sigma = (AROUND_Z, AROUND, AROUND)[-values.ndim :]
    smooth = partial(ndimage.gaussian_filter, sigma=sigma, truncate=2.5)
    known = np.isfinite(values)
    if known.all():
        return np.asarray(smooth(np.asarray(values, np.float32)))
    total, share = smooth(np.where(known, values, 0).astype(np.float32)), smooth(known.astype(np.float32))
    return np.asarray(np.where(share > LEAST, total / np.maximum(share, LEAST), np.nan), np.float32)


def _thinned(values: Map) -> Map:
    return values[..., ::STEP, ::STEP].ravel()
