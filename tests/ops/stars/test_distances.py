"""Distances along rays, against one who walks alone."""

import numpy as np
import pytest

from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.rays import directions

f32 = np.float32


def walked(labels, rays, grid=(1, 1), cut=None):
    """Pixel by pixel and step by step, in single precision, as the definition says (Schmidt et al. 2018)."""
    height, width = labels.shape
    rows, columns = range(0, height, grid[0]), range(0, width, grid[1])
    out = np.zeros((rays, len(rows), len(columns)), f32)
    for a, row in enumerate(rows):
        for b, column in enumerate(columns):
            if labels[row, column] > 0:
                for ray, (dy, dx) in enumerate(directions(rays).T):
                    out[ray, a, b] = _alone(labels, row, column, dy, dx, cut)
    return out


def _alone(labels, row, column, dy, dx, cut):
    y = x = f32(0)
    while True:
        y, x = f32(y + dy), f32(x + dx)
        i, j = int(np.rint(f32(row) + y)), int(np.rint(f32(column) + x))
        is_outside = not (0 <= i < labels.shape[0] and 0 <= j < labels.shape[1])
        if is_outside or labels[i, j] != labels[row, column]:
            break
    if cut is not None and (is_outside or labels[i, j] < 0):
        return cut
    back = f32(f32(0.5) / max(abs(dy), abs(dx)) - f32(1))
    y, x = f32(y + back * dy), f32(x + back * dx)
    return np.sqrt(f32(y * y + x * x))


def scene(shape=(60, 75), seed=0, **changes):
    settings = {"nuclei": 10, "diameter": 13, "crowding": 0.8, **changes}
    return simulate(Scene(shape=shape, **settings), Microscope(), seed=seed).labels.astype(np.int32)


@pytest.mark.parametrize("rays", [8, 11, 12, 32, 128])
@pytest.mark.parametrize("grid", [(1, 1), (2, 2), (4, 4), (1, 2), (4, 1)])
def test_all_together_come_as_far_as_each_alone(rays, grid):
    labels = scene(seed=rays)
    np.testing.assert_allclose(star_distances(labels, rays, grid), walked(labels, rays, grid), atol=1e-5)


@pytest.mark.parametrize("cut", [None, np.nan, -1.0])
def test_rays_into_the_unknown_are_cut(cut):
    labels = scene(seed=3)
    labels[20:30, 30:50] = -1
    for grid in [(1, 1), (2, 2)]:
        found = star_distances(labels, 16, grid, cut=cut)
        np.testing.assert_allclose(found, walked(labels, 16, grid, cut), atol=1e-5)
        assert not found[:, (labels[:: grid[0], :: grid[1]] <= 0)].any()


def test_any_labels_from_one_pixel_to_all_of_them():
    rng = np.random.default_rng(0)
    pieces = rng.integers(0, 3, (40, 33)).astype(np.int32)  # objects of scattered pixels
    for labels in (
        pieces,
        np.ones((21, 30), np.int32),
        np.eye(9, dtype=np.int32),
        np.zeros((5, 6), np.int32),
    ):
        np.testing.assert_allclose(star_distances(labels, 12), walked(labels, 12), atol=1e-5)


def test_thin_and_long_objects_walk_further_than_a_byte_counts():
    labels = np.zeros((7, 400), np.int32)
    labels[3, 5:395] = 2
    labels[5, :] = 7
    np.testing.assert_allclose(star_distances(labels, 8), walked(labels, 8), atol=1e-3, rtol=1e-6)
    assert star_distances(labels, 8)[0, 3, 5] == 389.5


def test_far_from_the_corner_ties_are_rounded_as_the_original_rounds_them():
    labels = np.zeros((64, 3000), np.int32)
    labels[:, 2900:] = scene((64, 100), seed=5)
    found = star_distances(labels, 24)  # rays of 30 and 60 degrees step by half a pixel
    np.testing.assert_allclose(found[:, :, 2900:], walked(labels, 24)[:, :, 2900:], atol=1e-5)


def test_large_and_strange_numbers_are_numbers_like_any():
    labels = scene(seed=1).astype(np.int64)
    strange = np.where(labels > 0, labels * 70_001 + 2**40, labels)
    assert np.array_equal(star_distances(strange, 16), star_distances(labels, 16))


def test_the_middle_of_a_disc_is_a_radius_away_in_all_directions():
    y, x = np.ogrid[:61, :61]
    disc = ((y - 30) ** 2 + (x - 30) ** 2 <= 20.5**2).astype(np.int32)
    middle = star_distances(disc, 64)[:, 30, 30]
    np.testing.assert_allclose(middle, 20.5, atol=0.8)
    np.testing.assert_allclose(middle[::16], 20.5, atol=1e-5)  # along rows and columns exactly


def test_the_live_original_gives_the_same():
    geometry = pytest.importorskip("stardist.geometry", reason="stardist is not installed here")
    labels = scene((200, 220), nuclei=60)
    for rays in (8, 12, 32):
        theirs = np.moveaxis(geometry.star_dist(labels, rays, mode="cpp"), -1, 0)
        np.testing.assert_allclose(star_distances(labels, rays), theirs, atol=1e-5)
