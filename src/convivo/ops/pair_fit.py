"""What leads from the units of a low exposure to those of its target: target = gain x image + offset, apart from noise.

Where the target is bright where the image is dark (fluorescence against phase contrast) the gain is below 0.

The image carries the noise, so it is the image that is fitted by the target, by least squares, and the line is turned
round. A fit the other way would be too flat: noise in what a fit starts from pulls its slope to zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convivo.types import AnyArray

SURE = 0.1  # correlation of a pair from which its own fit is trusted
FAR = 1.25  # factor between gains that noise cannot explain


@dataclass(frozen=True, slots=True)
class PairFit:
    """One pair's line."""

    gain: float
    offset: float
    correlation: float = 1.0  # without its sign

    def undo(self, target: AnyArray) -> AnyArray:
        """The target in the units of the image."""
        return np.asarray((np.asarray(target, np.float32) - np.float32(self.offset)) / np.float32(self.gain))

    def or_else(self, common: PairFit) -> PairFit:
        """This fit where it is sure and far from the common one, which is known better."""
        is_other = not 1 / FAR < self.gain / common.gain < FAR
        return self if is_other and self.correlation > SURE else common


def fit_pair(image: AnyArray, target: AnyArray) -> PairFit:
    """The line through one channel of a pair, (Y, X) or (Z, Y, X).

    Without any common structure spreads and means are brought together; gain is 1 where either has no spread.
    """
    low, high = np.asarray(image, np.float64).ravel(), np.asarray(target, np.float64).ravel()
    low_mean, high_mean = low.mean(), high.mean()
    low, high = low - low_mean, high - high_mean
    together, power, own = float(low @ high), float(high @ high), float(low @ low)
    if power == 0 or own == 0:
        return PairFit(1.0, float(high_mean - low_mean), 0.0)
    correlation = together / float(np.sqrt(power * own))
    is_common = correlation > 0 or correlation < -SURE
    gain = power / together if is_common else float(np.sqrt(power / own))
    return PairFit(gain, float(high_mean - gain * low_mean), abs(correlation) if is_common else 0.0)


def common_fit(fits: Sequence[PairFit]) -> PairFit:
    """What the pairs have in common: the median of those that are sure, or of all."""
    sure = [each for each in fits if each.correlation > SURE] or list(fits)
    return PairFit(*(float(np.median([getattr(each, name) for each in sure])) for name in ("gain", "offset")))
