"""How well a star can describe an object: the IoU of the object and its best star (Schmidt et al. 2018).

A star holds what can be seen from one place in straight lines. What lies around a corner is lost to every star, however
well a net has learned; and between two rays an outline is straight. So the best star is a bound for StarDist.

    object ── places ── distances along the rays ── drawn again ── IoU with the object; the best one counts
              (the deepest of them, and those whose stars are largest)
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.ops.measure import compact
from convivo.ops.stars.candidates import Stars
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.paint import paint
from convivo.ops.stars.polyhedra import inside_polyhedron, polyhedron_distances
from convivo.types import Labels

PLACES = {2: 1000, 3: 100}  # in an object of so many dimensions that are looked at, about
DRAWN = 12  # of the largest stars,
APART = 3  # one of so many: the very largest are neighbours, and alike

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]


def best_ious(labels: Labels, rays: int, step: int = 1) -> dict[int, float]:
    """IoU of every `step`-th object of (Y, X) or (Z, Y, X) labels and the best star of so many rays, by its label.

    What an image cuts off is no fault of a star: an object ends with the image.
    """
    if not labels.size:
        return {}
    objects = np.maximum(compact(labels), 0)
    boxes = enumerate(ndimage.find_objects(objects.astype(np.int64)), start=1)
    best = {}
    for number, box in [(number, box) for number, box in boxes if box is not None][::step]:
        inside = objects[box] == number
        best[int(labels[box][inside][0])] = best_iou(inside, rays)
    return best


def best_iou(inside: Mask, rays: int) -> float:
    """IoU of an object, (Y, X) or (Z, Y, X), and the best of its stars."""
    stars = _flat(inside, rays) if inside.ndim == 2 else _solid(inside, rays)
    return max(float((inside & star).sum() / (inside | star).sum()) for star in stars)


def _flat(inside: Mask, rays: int) -> Sequence[Mask]:
    """The likeliest stars of an object in the plane, drawn."""
    step = ceil((inside.sum() / PLACES[2]) ** 0.5)
    grid = (step, step) if inside[::step, ::step].any() else (1, 1)
    every = star_distances(inside.astype(np.int32), rays, grid)
    # twice the area of each star, but for a factor that all share
    sizes = np.einsum("ryx,ryx->yx", every, np.roll(every, 1, axis=0))
    at = _likeliest(sizes, _depth(inside)[:: grid[0], :: grid[1]])
    points = np.stack(np.unravel_index(at, sizes.shape), axis=1) * grid
    stars = Stars(points.astype(np.int32), every.reshape(rays, -1)[:, at].T, np.ones(len(at), np.float32))
    return [paint(stars[each : each + 1], inside.shape)[0] > 0 for each in range(len(stars))]


def _solid(inside: Mask, rays: int) -> Sequence[Mask]:
    """The likeliest stars of an object in space, drawn."""
    places = np.argwhere(inside)
    places = places[:: ceil(len(places) / PLACES[3])]
    every = polyhedron_distances(inside, places, rays)
    at = _likeliest((every**3).sum(axis=1), _depth(inside)[tuple(places.T)])
    return [
        inside_polyhedron(point, away, inside.shape)
        for point, away in zip(places[at], every[at], strict=True)
    ]


def _likeliest(sizes: NDArray[np.floating], depths: NDArray[np.floating]) -> Places:
    """Numbers of some places with large stars, and of the deepest one."""
    largest = np.argsort(-sizes, axis=None, kind="stable")[: DRAWN * APART : APART]
    return np.unique([*largest, depths.argmax()])


def _depth(inside: Mask) -> NDArray[np.floating]:
    """Distance to the nearest pixel outside."""
    depth = ndimage.distance_transform_edt(np.pad(inside, 1))
    return np.asarray(depth[(slice(1, -1),) * inside.ndim])
