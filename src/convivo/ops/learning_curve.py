"""What a validation curve says beyond its own noise: has it fallen from its height, is it still rising?

Twenty scores on the way wobble: the weights of two moments differ, and so does what the decoder makes of them. How much
is read from second differences, which a straight rise leaves at 0. The highest of twenty wobbling scores always lies
above the last one; so whether a curve has fallen is asked of curves that are flat and wobble alike: a fall that one of
a hundred of them shows is none. The same goes for a rise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Curves = NDArray[np.float64]  # (..., scores)

FEWEST = 6  # scores: below, there is no telling
SMOOTHED = 3  # neighbouring scores that are averaged before the highest is looked for
CHANCE = 0.99  # of flat curves that show less
FLAT = 4000  # curves that are drawn


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the score, and how much a flat curve with the same wobble shows in one of a hundred cases."""

    size: float
    chance: float
    at: int  # number of the score from which it is counted

    @property
    def is_real(self) -> bool:
        """Whether it is more than chance."""
        return self.size > self.chance


def fall(scores: Sequence[float]) -> Change | None:
    """From the height of the smoothed curve to its end; None where the scores are too few."""
    return _change(scores, _fall, at=int(np.argmax(_smoothed(np.asarray(scores)))) + 1 if scores else 0)


def rise(scores: Sequence[float]) -> Change | None:
    """Over the second half, along a straight line; None where the scores are too few."""
    return _change(scores, _rise, at=len(scores) - _later(len(scores)))


def _change(scores: Sequence[float], measure: Callable[[Curves], Curves], at: int) -> Change | None:
    if len(scores) < FEWEST:
        return None
    curve = np.asarray(scores, np.float64)
    return Change(float(measure(curve)), float(_wobble(curve)) * _usual(measure, len(curve)), at)


def _fall(curves: Curves) -> Curves:
    smoothed = _smoothed(curves)
    return np.asarray(smoothed.max(axis=-1) - smoothed[..., -1])


def _rise(curves: Curves) -> Curves:
    count = _later(curves.shape[-1])
    places = np.arange(count) - (count - 1) / 2
    slopes = curves[..., -count:] @ places / (places @ places)
    return np.asarray(slopes * (count - 1))


def _later(count: int) -> int:
    return max(FEWEST - 1, (count + 1) // 2)


def _smoothed(curves: Curves) -> Curves:
    windows = np.lib.stride_tricks.sliding_window_view(curves, min(SMOOTHED, curves.shape[-1]), axis=-1)
    return np.asarray(windows.mean(axis=-1))


def _wobble(curves: Curves) -> Curves:
    """Standard deviation of a score about the line through its neighbours, in the later half, where rates are low."""
    later = curves[..., -max(FEWEST, _later(curves.shape[-1])) :]
    return np.asarray(np.sqrt(np.mean(np.square(np.diff(later, 2, axis=-1)), axis=-1) / 6))


@cache
def _usual(measure: Callable[[Curves], Curves], count: int) -> float:
    """The change, in wobbles, that all but one of a hundred flat curves stay below."""
    flat = np.random.default_rng(0).standard_normal((FLAT, count))
    return float(np.quantile(measure(flat) / _wobble(flat), CHANCE))
