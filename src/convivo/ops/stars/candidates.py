"""Stars: an origin, a probability, and a distance along each ray. Collected from the net's answers, tile by tile.

Only positions that are likely enough are kept, so that no map of all distances need exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convivo.ops.stars.rays import Reals, corners
from convivo.types import Map, Pixels

SHORTEST = 1e-3  # pixels: the least distance along a ray, as in the original


@dataclass(frozen=True, slots=True)
class Stars:
    """Some star-convex polygons, n of them with R rays each."""

    points: NDArray[np.int32]  # (n, 2) origins, Y and X, in pixels
    distances: Reals  # (n, R) in pixels
    probabilities: Reals  # (n,)

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, which: NDArray[np.integer] | NDArray[np.bool_] | slice) -> Stars:
        return Stars(self.points[which], self.distances[which], self.probabilities[which])

    @property
    def corners(self) -> Reals:
        """(n, 2, R) ends of the rays, Y and X."""
        return corners(self.points, self.distances)


def candidates(
    probability: Map,
    distances: Pixels,
    least: float,
    origin: tuple[int, int],
    grid: tuple[int, int],
    unit: float = 1.0,
) -> Stars:
    """Stars at (Y, X) positions likelier than `least`, with (R, Y, X) distances in units of `unit` pixels.

    `origin` is the pixel at which the first position lies, `grid` how many pixels lie between two of them.
    """
    rows, columns = np.nonzero(probability > least)
    points = np.stack([rows * grid[0] + origin[0], columns * grid[1] + origin[1]], axis=1)
    found = np.ascontiguousarray(distances[:, rows, columns].T, np.float32)
    if unit != 1:
        found *= np.float32(unit)
    return Stars(points.astype(np.int32), np.maximum(found, SHORTEST), probability[rows, columns])


def joined(parts: Sequence[Stars], rays: int) -> Stars:
    """All stars of several tiles, row by row, so that it does not matter how the image was cut."""
    if not parts:
        return Stars(np.zeros((0, 2), np.int32), np.zeros((0, rays), np.float32), np.zeros(0, np.float32))
    if len(parts) == 1:
        return parts[0]
    points = np.concatenate([part.points for part in parts])
    order = np.lexsort((points[:, 1], points[:, 0]))
    return Stars(
        points[order],
        np.concatenate([part.distances for part in parts])[order],
        np.concatenate([part.probabilities for part in parts])[order],
    )
