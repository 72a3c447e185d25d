"""Area common to two outlines as the original's clipping library has it: places where they cross are whole pixels.

The boundary of the common area is made of the parts of each outline that lie inside the other. By Green's theorem its
area is a sum over these parts, in whatever order they come, so nothing need be put together. Rounding the crossings
moves the area by a few square pixels, which decides about pairs near the threshold.
"""

from __future__ import annotations

import numpy as np
from numba import njit

INSIDE, OUTSIDE, SHARED = range(3)
CLOSE = 1e-9


@njit(nogil=True, cache=True)
def clipped_area(ys, xs, other_ys, other_xs):  # type: ignore[no-untyped-def]
    """Square pixels that two outlines with whole corners share; both run around in the same direction."""
    twice = _part_inside(ys, xs, other_ys, other_xs, True)
    twice += _part_inside(other_ys, other_xs, ys, xs, False)
    return abs(twice) / 2


@njit(nogil=True, cache=True)
def _part_inside(ys, xs, other_ys, other_xs, takes_shared):  # type: ignore[no-untyped-def]
    """Twice the area that the parts of one outline inside the other sweep, seen from the origin."""
    corners = len(ys)
    cuts = np.empty(2 * len(other_ys) + 2)
    twice = 0.0
    for corner in range(corners):
        y, x = ys[corner - 1], xs[corner - 1]
        dy, dx = ys[corner] - y, xs[corner] - x
        if dy == 0 and dx == 0:
            continue
        count = _cuts(y, x, dy, dx, other_ys, other_xs, cuts)
        for cut in range(count - 1):
            start, end = cuts[cut], cuts[cut + 1]
            if end - start < CLOSE:
                continue
            middle = (start + end) / 2
            where = _where(y + middle * dy, x + middle * dx, dy, dx, other_ys, other_xs)
            if where == INSIDE or (where == SHARED and takes_shared):
                first_y, first_x = _whole(y + start * dy), _whole(x + start * dx)
                last_y, last_x = _whole(y + end * dy), _whole(x + end * dx)
                twice += first_x * last_y - last_x * first_y
    return twice


@njit(nogil=True, cache=True)
def _cuts(y, x, dy, dx, other_ys, other_xs, cuts):  # type: ignore[no-untyped-def]
    """Where along an edge (0 to 1) the other outline crosses or touches it, sorted, with both ends; their count."""
    cuts[0], cuts[1] = 0.0, 1.0
    count = 2
    for corner in range(len(other_ys)):
        from_y, from_x = other_ys[corner - 1] - y, other_xs[corner - 1] - x
        to_y, to_x = other_ys[corner] - y, other_xs[corner] - x
        side, other_side = dx * from_y - dy * from_x, dx * to_y - dy * to_x
        if side == other_side:  # parallel: its ends belong to its neighbours too
            continue
        if side * other_side > 0:
            continue
        share = side / (side - other_side)
        at_y, at_x = from_y + share * (to_y - from_y), from_x + share * (to_x - from_x)
        cut = at_x / dx if abs(dx) > abs(dy) else at_y / dy
        if not CLOSE < cut < 1 - CLOSE:
            continue
        place = count
        while cuts[place - 1] > cut:
            cuts[place] = cuts[place - 1]
            place -= 1
        cuts[place] = cut
        count += 1
    return count


@njit(nogil=True, cache=True)
def _where(y, x, dy, dx, other_ys, other_xs):  # type: ignore[no-untyped-def]
    """Whether a point is inside an outline, outside, or on an edge that runs in the same direction."""
    winding = 0
    for corner in range(len(other_ys)):
        from_y, from_x = other_ys[corner - 1] - y, other_xs[corner - 1] - x
        to_y, to_x = other_ys[corner] - y, other_xs[corner] - x
        turn = from_x * to_y - to_x * from_y
        if abs(turn) < CLOSE and from_y * to_y + from_x * to_x <= 0 and (from_y != to_y or from_x != to_x):
            same = (to_y - from_y) * dy + (to_x - from_x) * dx > 0
            return SHARED if same else OUTSIDE
        if from_y <= 0 < to_y and turn > 0:
            winding += 1
        elif to_y <= 0 < from_y and turn < 0:
            winding -= 1
    return INSIDE if winding != 0 else OUTSIDE


@njit(nogil=True, cache=True)
def _whole(value):  # type: ignore[no-untyped-def]
    """The nearest whole number, halves away from zero."""
    return np.floor(value + 0.5) if value >= 0 else np.ceil(value - 0.5)
