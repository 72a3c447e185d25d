"""From stars to labels. A pixel belongs to the likeliest star whose outline contains its centre.

A pixel on an outline counts as inside, as in scikit-image's `polygon`, with which the original paints.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from convivo.ops.specks import large_enough
from convivo.ops.stars.candidates import Stars
from convivo.types import Labels

ON = 1e-12  # pixels: so near, a corner lies on a pixel, as in scikit-image


def paint(
    stars: Stars, shape: tuple[int, ...], smallest: int = 0, smallest_cut: int = 0
) -> tuple[Labels, NDArray[np.bool_]]:
    """(Y, X) labels of stars that are sorted, likeliest first, and which of them are kept.

    Stars that show fewer than `smallest` pixels, or on the image's edge fewer than `smallest_cut`, are wiped off
    again. The others are numbered from 1 in their order; where all are kept, star i has label i + 1.
    """
    out = np.zeros(shape, np.int32)
    sizes = np.zeros(len(stars) + 1, np.int64)
    if len(stars):
        _paint(stars.corners.astype(np.float64), out, sizes)
    kept = large_enough(out, sizes, smallest, smallest_cut)[1:]
    if not kept.all():
        _renumber(out, np.append(np.int32(0), np.where(kept, np.cumsum(kept, dtype=np.int32), 0)))
    return out, kept


@njit(nogil=True, cache=True)
def _paint(corners, out, sizes):  # type: ignore[no-untyped-def]
    """Fill the stars one after the other and count their pixels; what is painted stays."""
    rays = corners.shape[2]
    right, left = np.empty(rays), np.empty(rays)
    for star in range(len(corners)):
        ys, xs = corners[star, 0], corners[star, 1]
        first = max(0, int(np.ceil(ys.min() - ON)))
        last = min(out.shape[0] - 1, int(np.floor(ys.max() + ON)))
        for row in range(first, last + 1):
            rights = lefts = 0
            for ray in range(rays):  # an edge crosses the row from above to below, or back
                y0, y1 = ys[ray] - row, ys[ray - 1] - row
                column = np.rint(xs[ray])
                if abs(y0) < ON and abs(xs[ray] - column) < ON:
                    sizes[star + 1] += _fill(out, row, column, column, star + 1, False, False)
                if (y0 > 0) != (y1 > 0):
                    right[rights] = (xs[ray] * y1 - xs[ray - 1] * y0) / (y1 - y0)
                    rights += 1
                if (y0 < 0) != (y1 < 0):
                    left[lefts] = (xs[ray] * y1 - xs[ray - 1] * y0) / (y1 - y0)
                    lefts += 1
            right[:rights].sort()
            left[:lefts].sort()
            for pair in range(0, rights - 1, 2):
                sizes[star + 1] += _fill(out, row, right[pair], right[pair + 1], star + 1, False, True)
            for pair in range(0, lefts - 1, 2):
                sizes[star + 1] += _fill(out, row, left[pair], left[pair + 1], star + 1, True, False)


@njit(nogil=True, cache=True, inline="always")
def _fill(out, row, start, end, label, open_start, open_end):  # type: ignore[no-untyped-def]
    """Give the free pixels from `start` to `end` the label, and say how many; an open end is not part of it."""
    first, last = int(np.ceil(start)), int(np.floor(end))
    if open_start and first == start:
        first += 1
    if open_end and last == end:
        last -= 1
    count = 0
    for column in range(max(0, first), min(out.shape[1] - 1, last) + 1):
        if out[row, column] == 0:
            out[row, column] = label
            count += 1
    return count


@njit(nogil=True, cache=True)
def _renumber(labels, number):  # type: ignore[no-untyped-def]
    for row in range(labels.shape[0]):
        for column in range(labels.shape[1]):
            labels[row, column] = number[labels[row, column]]
