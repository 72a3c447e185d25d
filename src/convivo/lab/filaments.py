"""Filaments, drawn: a structure that the shipped nets never saw."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import ndimage

from convivo.types import Pixels

COUNT = 70
STEP = 0.25  # pixels from one point of a filament to the next
BEND = 0.02  # radians by which a filament turns with each step: standard deviation of what is added
WIDTH = 1.0  # sigma of what the lens makes of a line, in pixels
DARK, BRIGHT = 160.0, 640.0  # counts, about as nuclei have them


@lru_cache(maxsize=4)
def filaments(side: int, seed: int) -> Pixels:
    """A (side, side) picture without noise, in counts."""
    rng = np.random.default_rng(seed)
    light = np.zeros((side, side), np.float32)
    length = int(2 * side / STEP)
    for _ in range(COUNT):
        heading = rng.uniform(0, 2 * np.pi) + np.cumsum(BEND * rng.standard_normal(length))
        y = rng.uniform(0, side) + np.cumsum(STEP * np.sin(heading))
        x = rng.uniform(0, side) + np.cumsum(STEP * np.cos(heading))
        inside = (y >= 0) & (x >= 0) & (y < side) & (x < side)
        np.add.at(light, (y[inside].astype(int), x[inside].astype(int)), rng.uniform(0.5, 1))
    seen = ndimage.gaussian_filter(light, WIDTH)
    return np.asarray(DARK + (BRIGHT - DARK) * seen / np.percentile(seen, 99.8), np.float32)
