"""The directions of the rays, and where they end."""

import numpy as np
import pytest

from convivo.ops.stars.rays import corners, directions

COUNTS = [8, 11, 12, 32, 128]


@pytest.mark.parametrize("count", COUNTS)
def test_every_step_has_length_one(count):
    steps = directions(count)
    assert steps.shape == (2, count)
    assert steps.dtype == np.float32
    np.testing.assert_allclose(np.hypot(*steps), 1, atol=1e-6)


@pytest.mark.parametrize("count", COUNTS)
def test_rays_turn_by_equal_angles_from_x_towards_y(count):
    y, x = directions(count).astype(np.float64)
    turns = np.unwrap(np.arctan2(y, x))
    np.testing.assert_allclose(turns, 2 * np.pi / count * np.arange(count), atol=1e-5)


@pytest.mark.parametrize("count", [8, 12, 32, 128])
def test_quarters_run_right_down_left_and_up(count):
    quarters = directions(count)[:, :: count // 4]
    np.testing.assert_allclose(quarters, [[0, 1, 0, -1], [1, 0, -1, 0]], atol=1e-6)


def test_nobody_can_change_the_directions_that_all_share():
    with pytest.raises(ValueError, match="read-only"):
        directions(8)[0, 0] = 5
    assert directions(8) is directions(8)


@pytest.mark.parametrize("count", COUNTS)
def test_corners_lie_a_distance_from_the_origin_along_each_direction(count):
    rng = np.random.default_rng(count)
    points = rng.integers(-50, 4000, (20, 2)).astype(np.int32)
    distances = rng.uniform(0.001, 90, (20, count)).astype(np.float32)
    found = corners(points, distances)
    assert found.shape == (20, 2, count)
    assert found.dtype == np.float32
    for point, lengths, ends in zip(points, distances, found, strict=True):
        for ray in range(count):
            angle = 2 * np.pi * ray / count
            expected = (point[0] + lengths[ray] * np.sin(angle), point[1] + lengths[ray] * np.cos(angle))
            np.testing.assert_allclose(ends[:, ray], expected, rtol=2e-7, atol=2e-5)


def test_a_star_of_no_length_has_all_corners_at_its_origin():
    ends = corners(np.array([[3, 7]], np.int32), np.zeros((1, 8), np.float32))
    assert np.array_equal(ends[0], [[3] * 8, [7] * 8])


def test_no_stars_have_no_corners():
    assert corners(np.zeros((0, 2), np.int32), np.zeros((0, 32), np.float32)).shape == (0, 2, 32)
