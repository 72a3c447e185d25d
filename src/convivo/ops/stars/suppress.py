"""Of stars that lie on each other only the likeliest stays (non-maximum suppression).

From the likeliest star to the least likely: a star that still stands removes every later one of which it covers too
much. Stars far from each other cannot meet, so each looks for others in its own neighbourhood only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from convivo.ops.stars.candidates import Stars
from convivo.ops.stars.clipping import clipped_area
from convivo.ops.stars.overlap import (
    AREA,
    BOTTOM,
    CENTRE_X,
    CENTRE_Y,
    NEAR,
    NEAR_AREA,
    SHAPE,
    SLIM,
    TOP,
    WIDE,
    boxes_share,
    common_area,
    crossings,
    discs_share,
    outline,
    shape_of,
)
from convivo.ops.stars.rays import Reals, directions
from convivo.ops.stars.threads import in_bands

CELL = 16  # pixels: side of the squares by which neighbours are found
STAYS, GOES, OPEN = range(3)


class Ground(NamedTuple):
    """All that is known of the stars while they are gone through."""

    points: NDArray[np.int32]
    distances: Reals
    steps: Reals
    shapes: Reals
    centres: Reals  # (n, 2) from the first cell's corner
    columns: int  # cells in a row
    starts: NDArray[np.int64]  # where each cell's members begin
    members: NDArray[np.int32]
    order: NDArray[np.intp]  # whose turn is when
    rank: NDArray[np.int32]  # when whose turn is


def suppress(stars: Stars, most: float, *, last: NDArray[np.bool_] | None = None) -> Stars:
    """The stars that stay, likeliest first. One goes if a likelier one shares more than `most` with it.

    What two stars share is measured by the smaller of their areas (see overlap.py). Stars that are marked as `last`
    come after all others, whatever their probability.
    """
    return stars[survivors(stars, most, last=last)]


def survivors(stars: Stars, most: float, *, last: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
    """Which stars stay, in the order of their turns."""
    order = turns(stars.probabilities, last)
    if len(order) == 0:
        return order
    points, distances = stars.points, stars.distances
    steps = directions(distances.shape[1])
    shapes = np.empty((len(order), SHAPE), np.float32)
    in_bands(
        lambda begin, end: _shapes(points, distances, steps, begin, end, shapes),
        len(order),
        work=distances.size * 4,
    )
    centres = shapes[:, [CENTRE_Y, CENTRE_X]] - shapes[:, [CENTRE_Y, CENTRE_X]].min(axis=0)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    ground = Ground(points, distances, steps, shapes, centres, *_neighbourhoods(centres), order, rank)
    paper, widest = _paper(shapes, distances.shape[1]), float(shapes[:, WIDE].max())
    stays, open_pairs = np.ones(len(order), np.bool_), np.empty(len(order), np.int32)
    turn = 0
    while turn < len(order):
        turn, count = _greedy(turn, ground, widest, paper, most, stays, open_pairs)
        for other in open_pairs[:count]:
            star = order[turn]
            limit = most * (float(min(shapes[star, AREA], shapes[other, AREA])) + 1e-10)
            outlines = (outline(points[each], distances[each], steps) for each in (star, other))
            stays[other] = clipped_area(*outlines) <= limit
        turn += 1
    return np.asarray(order[stays[order]])


def turns(probabilities: Reals, last: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
    """Whose turn is when: likeliest first; of equally likely ones the later goes first, as in the original."""
    keys = probabilities if last is None else probabilities.astype(np.float64) - last
    return np.argsort(keys, kind="stable")[::-1]


def _neighbourhoods(centres: Reals) -> tuple[int, NDArray[np.int64], NDArray[np.int32]]:
    """How many cells a row has, where each cell's stars begin among the members, and the members: stars by cell."""
    cells = (centres // CELL).astype(np.int64)
    rows, columns = cells.max(axis=0) + 1
    flat = cells[:, 0] * columns + cells[:, 1]
    members = np.argsort(flat, kind="stable").astype(np.int32)
    return int(columns), np.searchsorted(flat[members], np.arange(rows * columns + 1)), members


@njit(nogil=True, cache=True)
def _shapes(points, distances, steps, first, last, out):  # type: ignore[no-untyped-def]
    for star in range(first, last):
        shape_of(points[star, 0], points[star, 1], distances[star], steps, out[star])


@njit(nogil=True, cache=True)
def _greedy(first, ground, widest, paper, most, stays, open_pairs):  # type: ignore[no-untyped-def]
    """Go on from the star whose turn is `first`, likeliest first, up to one with neighbours too near to decide.

    Returns its turn, or the number of stars at the end, and how many neighbours are in `open_pairs`.
    """
    shapes, centres, columns = ground.shapes, ground.centres, ground.columns
    rows = (len(ground.starts) - 1) // columns
    for turn in range(first, len(ground.order)):
        star = ground.order[turn]
        if not stays[star]:
            continue
        reach = shapes[star, WIDE] + widest
        first_row, last_row = _cells(centres[star, 0], reach, rows)
        first_column, last_column = _cells(centres[star, 1], reach, columns)
        drawn = False  # whether this star's outline is on the paper
        undecided = 0
        for row in range(first_row, last_row):  # the cells of a row follow each other
            begin = ground.starts[row * columns + first_column]
            end = ground.starts[row * columns + last_column]
            for other in ground.members[begin:end]:
                if ground.rank[other] <= turn or not stays[other]:
                    continue
                limit = most * (min(shapes[star, AREA], shapes[other, AREA]) + 1e-10)
                verdict = _by_bounds(shapes, star, other, limit)
                if verdict == OPEN:
                    verdict = _by_rows(ground, star, other, limit, drawn, paper)
                    drawn = True
                if verdict == OPEN:
                    open_pairs[undecided] = other
                    undecided += 1
                stays[other] = verdict != GOES
        if undecided:
            return turn, undecided
    return len(ground.order), 0


@njit(nogil=True, cache=True)
def _by_bounds(shapes, star, other, limit):  # type: ignore[no-untyped-def]
    """Whether the other star stays or goes, where discs and boxes tell."""
    if boxes_share(shapes[star], shapes[other]) <= limit:
        return STAYS
    dy = shapes[star, CENTRE_Y] - shapes[other, CENTRE_Y]
    dx = shapes[star, CENTRE_X] - shapes[other, CENTRE_X]
    apart = np.sqrt(np.float64(dy * dy + dx * dx))
    if discs_share(shapes[star, SLIM], shapes[other, SLIM], apart) > limit:
        return GOES
    if discs_share(shapes[star, WIDE], shapes[other, WIDE], apart) <= limit:
        return STAYS
    return OPEN


@njit(nogil=True, cache=True)
def _by_rows(ground, star, other, limit, drawn, paper):  # type: ignore[no-untyped-def]
    """The same, by the area that the two share row by row; open where that is near the limit."""
    points, distances, steps, shapes = ground.points, ground.distances, ground.steps, ground.shapes
    places, turns, counts, other_places, other_turns, other_counts = paper
    top, lines = int(shapes[star, TOP]), int(shapes[star, BOTTOM]) - int(shapes[star, TOP])
    if not drawn:
        y, x = points[star]
        crossings(y, x, distances[star], steps, top, lines, places, turns, counts)
    y, x = points[other]
    crossings(y, x, distances[other], steps, top, lines, other_places, other_turns, other_counts)
    shared = common_area(lines, places, turns, counts, other_places, other_turns, other_counts)
    if abs(shared - limit) <= NEAR * limit + NEAR_AREA * len(distances[star]):
        return OPEN
    return GOES if shared > limit else STAYS


@njit(nogil=True, cache=True)
def _paper(shapes, rays):  # type: ignore[no-untyped-def]
    """Room for the crossings of two outlines."""
    lines = int((shapes[:, BOTTOM] - shapes[:, TOP]).max() + 1)
    return (
        np.empty((lines, rays)), np.empty((lines, rays), np.int8), np.zeros(lines, np.int32),
        np.empty((lines, rays)), np.empty((lines, rays), np.int8), np.zeros(lines, np.int32),
    )  # fmt: skip


@njit(nogil=True, cache=True)
def _cells(place, reach, count):  # type: ignore[no-untyped-def]
    """First cell and the one after the last that lie within reach."""
    return max(0, int((place - reach) // CELL)), min(count, int((place + reach) // CELL) + 1)
