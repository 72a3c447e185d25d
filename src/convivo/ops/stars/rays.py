"""The directions in which a star is measured.

Ray k of n points at the angle 2 pi k / n. Ray 0 runs along a row to the right (the column grows), ray n/4 down a
column (the row grows).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float32]


@cache
def directions(count: int) -> Reals:
    """Step along Y and X of each ray, (2, rays): sine and cosine of its angle."""
    angles = np.arange(count, dtype=np.float32) * np.float32(2 * np.pi / count)
    steps = np.stack([np.sin(angles), np.cos(angles)]).astype(np.float32)
    steps.flags.writeable = False  # shared by all who ask
    return steps


def corners(points: NDArray[np.integer], distances: Reals) -> Reals:
    """Where the rays end, (n, 2, rays) in Y and X, of stars at (n, 2) points with (n, rays) distances."""
    angles = np.linspace(0, 2 * np.pi, distances.shape[1], endpoint=False)
    # in double precision, then rounded
    ends = distances[:, None, :] * np.stack([np.sin(angles), np.cos(angles)])
    return np.asarray(ends.astype(np.float32) + points[:, :, None].astype(np.float32))
