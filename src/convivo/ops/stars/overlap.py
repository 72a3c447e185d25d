"""How much two stars share: the area common to both, over the area of the smaller.

StarDist's documentation calls this IoU; it is not: a small star inside a large one has 1 here. Corners are cut to
whole pixels first, as the original does for its clipping library.

Bounds decide most pairs without looking at their outlines. What two stars share is at least what the discs inside
them share, and at most what the discs (and the boxes) around them share. Only where the bounds leave it open are the
outlines intersected, row by row:

    row     ──┬────────────┬──        on the middle of a row of pixels each outline is a few
    star 1    ├████████┐   │          stretches; the length that both cover is the area shared
    star 2    │  └█████████┤          in that row, nearly. Where the sum is close to the threshold, clipping.py decides.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

NEAR = 0.1  # of the threshold: this near, counting rows is not trusted
SLACK = 0.01  # pixels: centres are kept in single precision
# square pixels for each ray: nor this near, because outlines of many corners cross more often
NEAR_AREA = 0.2

# what is known of a star: its area, its centre with the discs inside and around, its box
AREA, CENTRE_Y, CENTRE_X, SLIM, WIDE, TOP, LEFT, BOTTOM, RIGHT = range(9)
SHAPE = 9


@njit(nogil=True, cache=True)
def shape_of(y, x, distances, steps, out):  # type: ignore[no-untyped-def]
    """Area, centre, radius of the disc inside, of the disc around, and box of one star.

    Both discs lie around the outline's centre of mass: all stars of one object have nearly the same, wherever in the
    object they begin.
    """
    rays = len(distances)
    twice, moment_y, moment_x = 0.0, 0.0, 0.0
    top, left, bottom, right = np.inf, np.inf, -np.inf, -np.inf
    before_y, before_x = corner(y, x, distances[rays - 1], steps, rays - 1)
    for ray in range(rays):
        here_y, here_x = corner(y, x, distances[ray], steps, ray)
        turn = (before_x - x) * (here_y - y) - (before_y - y) * (here_x - x)
        twice += turn
        moment_y += turn * (before_y + here_y - 2 * y)
        moment_x += turn * (before_x + here_x - 2 * x)
        top, bottom = min(top, here_y), max(bottom, here_y)
        left, right = min(left, here_x), max(right, here_x)
        before_y, before_x = here_y, here_x
    centre_y, centre_x = (y + moment_y / (3 * twice), x + moment_x / (3 * twice)) if twice > 0 else (y, x)
    out[AREA], out[CENTRE_Y], out[CENTRE_X] = abs(twice) / 2, centre_y, centre_x
    out[TOP], out[LEFT], out[BOTTOM], out[RIGHT] = top, left, bottom, right
    out[SLIM], out[WIDE] = _discs(y, x, distances, steps, centre_y, centre_x)


@njit(nogil=True, cache=True)
def _discs(y, x, distances, steps, centre_y, centre_x):  # type: ignore[no-untyped-def]
    """Radius of the disc around the centre that reaches the outline (0 where the centre is outside), and of the
    disc that holds the outline.
    """
    rays = len(distances)
    within, around, winding = np.inf, 0.0, 0
    before_y, before_x = corner(y, x, distances[rays - 1], steps, rays - 1)
    for ray in range(rays):
        here_y, here_x = corner(y, x, distances[ray], steps, ray)
        ay, ax, by, bx = before_y - centre_y, before_x - centre_x, here_y - centre_y, here_x - centre_x
        dy, dx = by - ay, bx - ax
        turn = ax * by - ay * bx
        if ay <= 0 < by and turn > 0:
            winding += 1
        elif by <= 0 < ay and turn < 0:
            winding -= 1
        along = -(ay * dy + ax * dx)  # where on the edge its nearest place lies, from 0 to the edge's square
        square = dy * dy + dx * dx
        if along <= 0:
            nearest = ay * ay + ax * ax
        elif along >= square:
            nearest = by * by + bx * bx
        else:
            nearest = turn * turn / square
        within = min(within, nearest)
        around = max(around, by * by + bx * bx)
        before_y, before_x = here_y, here_x
    inside = max(0.0, math.sqrt(within) - SLACK) if winding != 0 else 0.0
    return inside, math.sqrt(around) + SLACK


@njit(nogil=True, cache=True)
def corner(y, x, distance, steps, ray):  # type: ignore[no-untyped-def]
    """Where a ray ends, cut to whole pixels."""
    return int(np.float32(y) + distance * steps[0, ray]), int(np.float32(x) + distance * steps[1, ray])


@njit(nogil=True, cache=True)
def discs_share(first, second, apart):  # type: ignore[no-untyped-def]
    """Area common to two discs of the given radii whose centres lie `apart`."""
    if apart >= first + second:
        return 0.0
    if apart <= abs(first - second):
        return math.pi * min(first, second) ** 2
    f, s = first * first, second * second
    along = (apart * apart + f - s) / (2 * apart)  # from the first centre to the common chord
    beyond = apart - along
    chord = math.sqrt(max(0.0, f - along * along))
    return (
        f * math.acos(max(-1.0, min(1.0, along / first)))
        + s * math.acos(max(-1.0, min(1.0, beyond / second)))
        - apart * chord
    )


@njit(nogil=True, cache=True)
def boxes_share(a, b):  # type: ignore[no-untyped-def]
    """Area common to the boxes of two shapes."""
    height = min(a[BOTTOM], b[BOTTOM]) - max(a[TOP], b[TOP])
    width = min(a[RIGHT], b[RIGHT]) - max(a[LEFT], b[LEFT])
    return max(0.0, height) * max(0.0, width)


@njit(nogil=True, cache=True)
def outline(point, distances, steps):  # type: ignore[no-untyped-def]
    """Corners (x, y) of a star, cut to whole pixels: (rays, 2)."""
    out = np.empty((len(distances), 2), np.int64)
    for ray in range(len(distances)):
        y, x = corner(point[0], point[1], distances[ray], steps, ray)
        out[ray, 0], out[ray, 1] = x, y
    return out


@njit(nogil=True, cache=True)
def crossings(y, x, distances, steps, top, rows, places, turns, counts):  # type: ignore[no-untyped-def]
    """Where a star's outline crosses the middles of rows from `top` on: sorted places, and up or down."""
    counts[:rows] = 0
    rays = len(distances)
    before_y, before_x = corner(y, x, distances[rays - 1], steps, rays - 1)
    for ray in range(rays):
        here_y, here_x = corner(y, x, distances[ray], steps, ray)
        if here_y != before_y:
            turn = 1 if here_y > before_y else -1
            slope = (here_x - before_x) / (here_y - before_y)
            first, last = max(0, min(here_y, before_y) - top), min(rows, max(here_y, before_y) - top)
            for row in range(first, last):
                place = before_x + slope * (top + row + 0.5 - before_y)
                at = counts[row]
                while at > 0 and places[row, at - 1] > place:
                    places[row, at], turns[row, at] = places[row, at - 1], turns[row, at - 1]
                    at -= 1
                places[row, at], turns[row, at] = place, turn
                counts[row] += 1
        before_y, before_x = here_y, here_x


@njit(nogil=True, cache=True)
def common_area(rows, places, turns, counts, other_places, other_turns, other_counts):  # type: ignore[no-untyped-def]
    """Length of the middles of all rows inside both outlines together."""
    area = 0.0
    for row in range(rows):
        if counts[row] > 0 and other_counts[row] > 0:
            area += common_length(
                *(places[row], turns[row], counts[row]),
                *(other_places[row], other_turns[row], other_counts[row]),
            )
    return area


@njit(nogil=True, cache=True)
def common_length(places, turns, count, other_places, other_turns, other_count):  # type: ignore[no-untyped-def]
    """Length of a line that lies inside both outlines (where both have turned around it)."""
    length, last = 0.0, 0.0
    i = j = mine = other = 0
    while i < count and j < other_count:
        if places[i] <= other_places[j]:
            place = places[i]
            turn, other_turn = turns[i], 0
            i += 1
        else:
            place = other_places[j]
            turn, other_turn = 0, other_turns[j]
            j += 1
        if mine != 0 and other != 0:
            length += place - last
        mine, other, last = mine + turn, other + other_turn, place
    return length  # an outline without further crossings has nothing more inside
