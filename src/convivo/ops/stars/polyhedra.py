"""Stars in space: rays on a golden spiral, walked to an object's surface, and the polyhedron that their ends span.

After Weigert et al., "Star-convex polyhedra for 3D object detection and segmentation in microscopy" (WACV 2020). The
rays' ends on a sphere have a convex hull of triangles, and with the star's centre each of these is a tetrahedron. A
place v lies in the directions u of three rays as v = a u + b u' + c u''. With distances r it lies inside where
a/r + b/r' + c/r'' <= 1: on the triangle between the rays' ends the sum is 1.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

STEP = 0.5  # voxels of a walk along a ray
CLOSE = 1e-9

Floats = NDArray[np.float64]


@cache
def spiral(rays: int) -> Floats:
    """(rays, 3) directions, spread evenly."""
    heights = 1 - 2 * (np.arange(rays) + 0.5) / rays
    turns = np.pi * (3 - np.sqrt(5)) * np.arange(rays)
    around = np.sqrt(1 - heights**2)
    steps = np.stack([heights, around * np.sin(turns), around * np.cos(turns)], axis=1)
    steps.flags.writeable = False  # shared by all who ask
    return steps


@cache
def _cones(rays: int) -> tuple[NDArray[np.int32], Floats]:
    """Triangles of neighbouring rays, (triangles, 3), and what turns a place into shares of each one's directions."""
    triangles = ConvexHull(spiral(rays)).simplices
    return triangles, np.linalg.inv(spiral(rays)[triangles].transpose(0, 2, 1))


def polyhedron_distances(inside: NDArray[np.bool_], points: NDArray[np.int64], rays: int) -> Floats:
    """(n, rays) distances in voxels from (n, 3) points of an object to its surface, or to the end of the stack."""
    padded = np.pad(inside, 1)
    longest = int(np.ceil(np.linalg.norm(inside.shape) / STEP)) + 1
    standing = np.ones((len(points), rays), bool)
    steps = np.zeros((len(points), rays))
    limits = np.array(padded.shape) - 1
    for step in range(1, longest):
        places = points[:, None] + step * STEP * spiral(rays)  # (n, rays, 3)
        at = np.clip(np.rint(places).astype(np.intp) + 1, 0, limits)
        standing &= padded[tuple(np.moveaxis(at, -1, 0))]
        if not standing.any():
            break
        steps += standing
    return (steps + 0.5) * STEP  # the surface was passed between two steps


def inside_polyhedron(
    point: NDArray[np.int64], distances: Floats, shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """(Z, Y, X) voxels of a stack that lie inside the star with (rays,) distances around a point."""
    triangles, turned = _cones(len(distances))
    places = np.indices(shape).reshape(3, -1).astype(float) - point[:, None]  # (3, voxels)
    out = np.zeros(places.shape[1], bool)
    near = np.flatnonzero(np.linalg.norm(places, axis=0) <= distances.max() + CLOSE)
    for triangle, into in zip(triangles, turned, strict=True):
        shares = into @ places[:, near]  # (3, voxels)
        far = (shares / distances[triangle][:, None]).sum(axis=0)
        out[near] |= (shares >= -CLOSE).all(axis=0) & (far <= 1 + CLOSE)
    return out.reshape(shape)
