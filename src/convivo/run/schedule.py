"""How far a training is, and the learning rate that belongs there."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

WARM_UP = 0.03  # share of the training in which the rate rises: Adam's first estimates are poor
LAST = 0.01  # share of the rate that is left at the end


@dataclass(frozen=True, slots=True)
class Budget:
    """So many steps, or so much time; with time, the schedule stretches to however many steps fit."""

    steps: int
    seconds: float | None = None

    def progress(self, step: int, seconds: float) -> float:
        """0 at the start, 1 when it is over."""
        done = step / self.steps if self.seconds is None else seconds / self.seconds
        return min(1.0, done)


def rate_at(progress: float, rate: float) -> float:
    """Learning rate: a short rise, then half a cosine down (Loshchilov, Hutter 2017)."""
    if progress < WARM_UP:
        return rate * max(0.01, progress / WARM_UP)
    fall = (progress - WARM_UP) / (1 - WARM_UP)
    return rate * (LAST + (1 - LAST) * (1 + cos(pi * fall)) / 2)
