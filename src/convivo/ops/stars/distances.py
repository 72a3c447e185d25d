"""How far each pixel of an object is from the object's boundary, along each ray (Schmidt et al. 2018, section 2).

One walks along the ray in steps of length one, looks at the pixel nearest to where one stands, and stops where it
belongs to something else or to nothing. The boundary lies between the last two places; half a pixel, measured along
the axis on which the ray is steeper, is taken back.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from convivo.ops.stars.rays import Reals, directions
from convivo.ops.stars.threads import in_bands
from convivo.types import Labels


def star_distances(
    labels: Labels, rays: int, grid: tuple[int, int] = (1, 1), *, cut: float | None = None
) -> Reals:
    """(rays, Y / grid, X / grid) distances in pixels from every grid-th pixel of (Y, X) labels.

    Background has 0, unknown pixels (below 0) too. A ray that leaves the image ends there, or has the value `cut`:
    how far the object goes on, the image does not say.
    """
    objects = np.ascontiguousarray(labels)
    height, width = (-(-length // step) for length, step in zip(labels.shape, grid, strict=True))
    out = np.zeros((height, width, rays), np.float32)
    end = np.float32(np.nan if cut is None else cut)
    steps = directions(rays)

    def band(first: int, last: int) -> None:
        _walk(objects, steps, grid[0], grid[1], first, last, out, cut is None, end)

    in_bands(band, height, work=objects.size * rays)
    return np.moveaxis(out, -1, 0)


@njit(nogil=True, cache=True, fastmath=False)
def _walk(labels, steps, grid_y, grid_x, first, last, out, ends_at_image, cut):  # type: ignore[no-untyped-def]
    """Fill rows `first` to `last` of (Y, X, rays) distances."""
    height, width = labels.shape
    rays = steps.shape[1]
    half = np.float32(0.5)
    for row in range(first, last):
        for column in range(out.shape[1]):
            y, x = np.float32(row * grid_y), np.float32(column * grid_x)
            here = labels[row * grid_y, column * grid_x]
            if here <= 0:
                continue
            for ray in range(rays):
                dy, dx = steps[0, ray], steps[1, ray]
                along_y, along_x = np.float32(0), np.float32(0)
                while True:
                    along_y += dy
                    along_x += dx
                    i, j = int(np.rint(y + along_y)), int(np.rint(x + along_x))
                    outside = i < 0 or i >= height or j < 0 or j >= width
                    if outside or labels[i, j] != here:
                        break
                if not ends_at_image and (outside or labels[i, j] < 0):
                    out[row, column, ray] = cut
                    continue
                back = half / max(abs(dy), abs(dx)) - np.float32(1)
                along_y += back * dy
                along_x += back * dx
                out[row, column, ray] = np.sqrt(along_y * along_y + along_x * along_x)
