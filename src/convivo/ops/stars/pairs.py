"""All pairs of stars that suppression may ever ask about, with the area that each pair shares.

For whoever plays with thresholds: with these pairs at hand, who stays is decided anew by comparing numbers, without
looking at an outline again. Most pairs are never asked about: a star that has gone asks nobody, and nobody asks one
that has gone. So suppression is gone through at every threshold of a list, and each question is noted down once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convivo.ops.stars.candidates import Stars
from convivo.ops.stars.clipping import clipped_area
from convivo.ops.stars.overlap import AREA, BOTTOM, LEFT, RIGHT, SHAPE, TOP, outline, shape_of
from convivo.ops.stars.rays import Reals, directions

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """What n stars share: star i asks `others[starts[i]:starts[i + 1]]`, all of whose turn comes after its own."""

    areas: Reals  # (n,) square pixels of each star
    starts: NDArray[np.int32]  # (n + 1,)
    others: NDArray[np.int32]  # (pairs,)
    shared: NDArray[np.float64]  # (pairs,) square pixels common to both


def asked_pairs(
    stars: Stars, thresholds: Sequence[float], last: Flags, limit: float = np.inf
) -> Pairs | None:
    """The pairs that suppression asks about at any of the thresholds, by the smaller area or by IoU.

    The stars are in the order of their turns (see `suppress.turns`). Also where the least likely ones are left out,
    all questions are among these: that changes only which of those marked as `last` are asked, so these ask all.
    None where that would be more than `limit` pairs: each is measured, which takes time.
    """
    book = _Book(stars, limit)
    try:
        for by_union in (False, True):
            for most in thresholds:
                book.go_through(most, by_union)
        for star in np.flatnonzero(last):
            book.shares(int(star), book.later(int(star)))
    except _FullError:
        return None
    return book.written()


class _FullError(Exception):
    """More pairs than the limit."""


class _Book:
    """Shared areas that are known so far."""

    def __init__(self, stars: Stars, limit: float) -> None:
        self.left = limit
        steps = directions(stars.distances.shape[1])
        self.shapes = np.zeros((len(stars), SHAPE), np.float32)
        for point, distances, shape in zip(stars.points, stars.distances, self.shapes, strict=True):
            shape_of(point[0], point[1], distances, steps, shape)
        self.outlines = [
            outline(point, distances, steps).tolist()
            for point, distances in zip(stars.points, stars.distances, strict=True)
        ]
        self.known: dict[int, tuple[Places, NDArray[np.float64]]] = {}

    def go_through(self, most: float, by_union: bool) -> None:
        """Suppress at one threshold, and note what is asked."""
        areas = self.shapes[:, AREA].astype(np.float64)
        stays = np.ones(len(areas), np.bool_)
        for star in range(len(areas)):
            if not stays[star]:
                continue
            others = self.later(star)
            others = others[stays[others]]
            shared = self.shares(star, others)
            whole = (
                areas[star] + areas[others] - shared
                if by_union
                else np.minimum(areas[star], areas[others]) + 1e-10
            )
            stays[others[shared > most * whole]] = False

    def later(self, star: int) -> Places:
        """Stars whose turn comes later and whose boxes meet this one's."""
        return self._entry(star)[0]

    def shares(self, star: int, others: Places) -> NDArray[np.float64]:
        """Square pixels shared with each of some later stars."""
        later, shared = self._entry(star)
        at = np.searchsorted(later, others)
        new = at[np.isnan(shared[at])]
        self.left -= len(new)
        if self.left < 0:
            raise _FullError
        for place in new:
            shared[place] = clipped_area(self.outlines[star], self.outlines[later[place]])
        return np.asarray(shared[at])

    def written(self) -> Pairs:
        """All that is known and more than nothing."""
        counts, others, shared = np.zeros(len(self.shapes) + 1, np.int32), [], []
        for star in sorted(self.known):
            later, areas = self.known[star]
            some = areas > 0  # not so where it was never asked (NaN)
            counts[star + 1] = np.count_nonzero(some)
            others.append(later[some])
            shared.append(areas[some])
        return Pairs(
            self.shapes[:, AREA].copy(),
            np.cumsum(counts, dtype=np.int32),
            np.concatenate([np.zeros(0, np.intp), *others]).astype(np.int32),
            np.concatenate([np.zeros(0), *shared]),
        )

    def _entry(self, star: int) -> tuple[Places, NDArray[np.float64]]:
        if star not in self.known:
            one, rest = self.shapes[star], self.shapes[star + 1 :]
            meet = (rest[:, TOP] < one[BOTTOM]) & (rest[:, BOTTOM] > one[TOP])
            meet &= (rest[:, LEFT] < one[RIGHT]) & (rest[:, RIGHT] > one[LEFT])
            later = np.flatnonzero(meet) + star + 1
            self.known[star] = later, np.full(len(later), np.nan)
        return self.known[star]
