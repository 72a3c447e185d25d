"""Stars in space are the polyhedra that the ends of their rays span."""

import numpy as np
import pytest
from scipy.spatial import ConvexHull, Delaunay

from convivo.ops.stars.convexity import best_iou
from convivo.ops.stars.polyhedra import inside_polyhedron, polyhedron_distances, spiral

Z, Y, X = np.indices((33, 33, 33)) - 16
BALL = Z**2 + Y**2 + X**2 <= 14**2


def test_rays_point_evenly_into_space():
    rays = spiral(96)
    assert np.linalg.norm(rays, axis=1) == pytest.approx(np.ones(96))
    near = np.sort(rays @ rays.T, axis=1)[:, -2]
    assert np.degrees(np.arccos(near)).min() > 15


def test_distances_end_at_the_surface():
    away = polyhedron_distances(BALL, np.array([[16, 16, 16], [20, 16, 16]]), 96)
    assert away[0] == pytest.approx(np.full(96, 14.2), abs=1)
    ends = spiral(96) * away[1][:, None] + [4, 0, 0]
    assert np.linalg.norm(ends, axis=1) == pytest.approx(np.full(96, 14.2), abs=1)


def test_what_leaves_the_stack_ends_there():
    away = polyhedron_distances(np.ones((9, 9, 9), bool), np.array([[4, 4, 4]]), 32)
    assert np.abs(spiral(32) * away[0][:, None]).max(axis=1) == pytest.approx(np.full(32, 4.5), abs=0.5)


def test_a_convex_star_is_the_hull_of_its_ends():
    away = np.random.default_rng(0).uniform(9.5, 10, 64)
    ends = spiral(64) * away[:, None] + 12
    assert len(ConvexHull(ends).vertices) == 64
    drawn = inside_polyhedron(np.array([12, 12, 12]), away, (25, 25, 25))
    hull = Delaunay(ends).find_simplex(np.argwhere(np.ones_like(drawn))).reshape(drawn.shape) >= 0
    assert np.count_nonzero(drawn != hull) <= 0.001 * hull.sum()


@pytest.mark.parametrize("rays", [32, 96])
def test_a_ball_is_reached_as_far_as_its_polyhedron(rays):
    share = ConvexHull(spiral(rays)).volume / (4 / 3 * np.pi)
    assert best_iou(BALL, rays) == pytest.approx(share, abs=0.05)


def test_a_hollow_ball_is_not_reached():
    assert best_iou(BALL & (Z**2 + Y**2 + X**2 >= 9**2), 96) < 0.5
