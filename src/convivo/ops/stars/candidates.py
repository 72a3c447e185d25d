"""Stars: an origin, a probability, and a distance along each ray. Collected from the net's answers, tile by tile.

Only positions that are likely enough are kept, so that no map of all distances need exist.
"""

from __future__ import annotations

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
    longest: float = np.inf,
) -> Stars:
    """Stars at (Y, X) positions likelier than `least`, with (R, Y, X) distances in units of `unit` pixels.

    `origin` is the pixel at which the first position lies, `grid` how many pixels lie between two of them. Distances
    beyond `longest` pixels, such as the image's diagonal, are cut there; one that is no number is taken for none.
    """
    rows, columns = np.nonzero(probability > least)
    points = np.stack([rows * grid[0] + origin[0], columns * grid[1] + origin[1]], axis=1)
    found = np.ascontiguousarray(distances[:, rows, columns].T, np.float32)
    if unit != 1:
        found *= np.float32(unit)
    np.fmin(np.fmax(found, SHORTEST, out=found), np.float32(longest), out=found)
    return Stars(points.astype(np.int32), found, probability[rows, columns])


def joined(parts: list[Stars], rays: int) -> Stars:
    """All stars of several tiles, row by row, so that it does not matter how the image was cut.

    Takes the parts out of the list as it goes: a large image has gigabytes of them.
    """
    if len(parts) == 1:
        return parts.pop()
    points = np.concatenate([np.zeros((0, 2), np.int32), *(part.points for part in parts)])
    order = np.lexsort((points[:, 1], points[:, 0]))
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    distances = np.empty((len(order), rays), np.float32)
    probabilities = np.empty(len(order), np.float32)
    while parts:
        part = parts.pop()
        place, mine = np.split(place, [len(place) - len(part)])
        distances[mine], probabilities[mine] = part.distances, part.probabilities
    return Stars(points[order], distances, probabilities)
