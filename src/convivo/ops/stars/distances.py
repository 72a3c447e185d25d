"""How far each pixel of an object is from the object's boundary, along each ray (Schmidt et al. 2018, section 2).

One walks along the ray in steps of length one, looks at the pixel nearest to where one stands, and stops where it
belongs to something else or to nothing. The boundary lies between the last two places; half a pixel, measured along
the axis on which the ray is steeper, is taken back.

All pixels of an object walk together, which is many times faster than one after the other: after a step they stand on
the object's mask, shifted by that step, and those that do not stand inside stop. So a step is two lines for whole rows
of pixels, `standing &= inside_shifted` and `steps += standing`, and the processor takes 32 of them at once.
"""

from __future__ import annotations

from math import ceil, hypot
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from convivo.ops.measure import compact
from convivo.ops.stars.rays import Reals, directions
from convivo.ops.stars.threads import in_bands
from convivo.types import Labels

LOOKED_AFTER = 4  # steps between two looks whether anybody still stands inside
MARGIN = LOOKED_AFTER + 4  # steps, and rows of the mask, for those who walk on until the next look
TOP, LEFT, BOTTOM, RIGHT = range(4)


class Walk(NamedTuple):
    """The steps along each ray, (rays, steps + 1, ...): the first entry is where one stands after no step."""

    places: Reals  # (.., 2) Y and X, added up step by step as the original does
    pixels: NDArray[np.int64]  # (.., 2) the nearest pixel, seen from the start
    halfway: NDArray[np.bool_]  # whether that is so near a tie that it depends on the start
    lengths: Reals  # distance to the boundary, where this step is the first one outside


def star_distances(
    labels: Labels, rays: int, grid: tuple[int, int] = (1, 1), *, cut: float | None = None
) -> Reals:
    """(rays, Y / grid, X / grid) distances in pixels from every grid-th pixel of (Y, X) labels.

    Background has 0, unknown pixels (below 0) too. A ray that leaves the image ends there, or has the value `cut`:
    how far the object goes on, the image does not say.
    """
    objects = np.ascontiguousarray(compact(labels))
    height, width = (-(-length // step) for length, step in zip(labels.shape, grid, strict=True))
    out = np.zeros((height, width, rays), np.float32)
    boxes = _boxes(objects, int(objects.max(initial=0)))
    numbers = np.flatnonzero(boxes[:, BOTTOM] > boxes[:, TOP])
    if len(numbers) == 0:
        return np.moveaxis(out, -1, 0)
    sides = (boxes[:, [BOTTOM, RIGHT]] - boxes[:, [TOP, LEFT]])[numbers]
    steps = ceil(hypot(*sides.max(axis=0))) + MARGIN
    walk = _walk(rays, steps, max(labels.shape))
    counter = np.zeros(0, np.uint8 if steps < np.iinfo(np.uint8).max else np.uint16)
    end = np.float32(np.nan if cut is None else cut)

    def band(first: int, last: int) -> None:
        _measure(objects, numbers[first:last], boxes, walk, grid, counter, cut is None, end, out)

    in_bands(band, len(numbers), work=int(sides.prod(axis=1).sum()) * rays // (grid[0] * grid[1]))
    return np.moveaxis(out, -1, 0)


def _walk(rays: int, steps: int, side: int) -> Walk:
    """All steps along all rays, in images of at most that side."""
    first = directions(rays).T[:, None]
    along = np.repeat(first, steps + 1, axis=1)
    along[:, 0] = 0
    places = np.cumsum(along, axis=1, dtype=np.float32)
    # by so much a place is rounded, far from the image's corner
    unsure = 2 * np.spacing(np.float32(side + steps))
    halfway = (np.abs(places - np.floor(places) - 0.5) <= unsure).any(axis=2)
    back = np.float32(0.5) / np.abs(first).max(axis=2, keepdims=True) - np.float32(1)
    ends = places + back * first
    lengths = np.sqrt(ends[..., 0] * ends[..., 0] + ends[..., 1] * ends[..., 1])
    return Walk(places, np.rint(places).astype(np.int64), halfway, lengths)


@njit(nogil=True, cache=True)
def _boxes(labels, most):  # type: ignore[no-untyped-def]
    """Smallest box around each object, (most + 1, 4); BOTTOM and RIGHT are the first row and column after it."""
    boxes = np.zeros((most + 1, 4), np.int64)
    for row in range(labels.shape[0]):
        for column in range(labels.shape[1]):
            number = labels[row, column]
            if number <= 0:
                continue
            box = boxes[number]
            if box[BOTTOM] == 0:
                box[TOP], box[LEFT] = row, column
            box[LEFT] = min(box[LEFT], column)
            box[RIGHT] = max(box[RIGHT], column + 1)
            box[BOTTOM] = row + 1
    return boxes


@njit(nogil=True, cache=True)
def _measure(labels, numbers, boxes, walk, grid, counter, ends_at_image, cut, out):  # type: ignore[no-untyped-def]
    """Fill in (Y / grid, X / grid, rays) distances of some objects."""
    for number in numbers:
        top, left = boxes[number, TOP] // grid[0], boxes[number, LEFT] // grid[1]
        rows = (boxes[number, BOTTOM] - 1) // grid[0] - top + 1
        columns = (boxes[number, RIGHT] - 1) // grid[1] - left + 1
        pitch = (columns + 2 + 7) // 8 * 8  # two columns of nothing keep the rows apart
        inside, start = _masks(labels, number, top, left, rows, columns, pitch, grid, counter)
        counts = np.ones((len(walk.lengths), rows * pitch), counter.dtype)
        for ray in range(len(counts)):
            _count(labels, number, top, left, inside, start, pitch, grid, walk, ray, counts[ray])
        for row in range(rows):
            for column in range(columns):
                if inside[0, 0, start + row * pitch + column] == 0:
                    continue
                y, x = top + row, left + column
                for ray in range(len(counts)):
                    step = counts[ray, row * pitch + column]
                    known = ends_at_image or _is_known(
                        labels, y * grid[0], x * grid[1], walk.places[ray, step]
                    )
                    out[y, x, ray] = walk.lengths[ray, step] if known else cut


@njit(nogil=True, cache=True)
def _masks(labels, number, top, left, rows, columns, pitch, grid, counter):  # type: ignore[no-untyped-def]
    """Where the object is, as lines of pixels with nothing around, and where in them its first row begins.

    One line for each place of a pixel within its grid position, (grid_y, grid_x, pixels): on a grid of 2, who stands
    on the pixel to the right of a position looks at another line.
    """
    start = (rows + MARGIN) * pitch
    inside = np.zeros((grid[0], grid[1], 2 * start + rows * pitch), counter.dtype)
    for y in range(top * grid[0], min(labels.shape[0], (top + rows) * grid[0])):
        for x in range(left * grid[1], min(labels.shape[1], (left + columns) * grid[1])):
            if labels[y, x] == number:
                place = start + (y // grid[0] - top) * pitch + x // grid[1] - left
                inside[y % grid[0], x % grid[1], place] = 1
    return inside, start


@njit(nogil=True, cache=True)
def _count(labels, number, top, left, inside, start, pitch, grid, walk, ray, steps):  # type: ignore[no-untyped-def]
    """Add to the steps of each position how many along this ray end inside the object."""
    standing = inside[0, 0, start : start + len(steps)].copy()
    eights = standing.view(np.uint64)
    step = 0
    while True:
        step += 1
        y, x = walk.pixels[ray, step]
        if walk.halfway[ray, step]:
            _look_singly(labels, number, top, left, pitch, grid, walk.places[ray, step], standing)
            steps += standing
        else:
            place = start + y // grid[0] * pitch + x // grid[1]
            _look(inside[y % grid[0], x % grid[1], place : place + len(steps)], standing, steps)
        if step % LOOKED_AFTER == 0 and _is_nothing(eights):
            return


@njit(nogil=True, cache=True)
def _look(inside, standing, steps):  # type: ignore[no-untyped-def]
    """One step of all positions; nothing else is in this loop, so that it runs on 32 positions at once."""
    for position in range(len(steps)):
        stands = standing[position] & inside[position]
        standing[position] = stands
        steps[position] += stands


@njit(nogil=True, cache=True)
def _look_singly(labels, number, top, left, pitch, grid, place, standing):  # type: ignore[no-untyped-def]
    """The same where the nearest pixel must be found for each position on its own."""
    for position in range(len(standing)):
        if standing[position]:
            y = np.float32((top + position // pitch) * grid[0])
            x = np.float32((left + position % pitch) * grid[1])
            i, j = int(np.rint(y + place[0])), int(np.rint(x + place[1]))
            within = 0 <= i < labels.shape[0] and 0 <= j < labels.shape[1]
            standing[position] = within and labels[i, j] == number


@njit(nogil=True, cache=True)
def _is_nothing(words):  # type: ignore[no-untyped-def]
    """Whether nobody is left."""
    return words.max() == 0


@njit(nogil=True, cache=True)
def _is_known(labels, y, x, place):  # type: ignore[no-untyped-def]
    """Whether a walk ended on a pixel of the image that somebody annotated."""
    i, j = int(np.rint(np.float32(y) + place[0])), int(np.rint(np.float32(x) + place[1]))
    return 0 <= i < labels.shape[0] and 0 <= j < labels.shape[1] and labels[i, j] >= 0
