"""Stars painted as labels, against scikit-image's polygons."""

import numpy as np
import pytest
from skimage.draw import polygon

from convivo.ops.stars.candidates import Stars
from convivo.ops.stars.paint import paint

f32 = np.float32


def stars_at(points, distances):
    """Stars, likeliest first."""
    points = np.asarray(points, np.int32).reshape(-1, 2)
    return Stars(points, np.asarray(distances, f32), np.linspace(0.9, 0.1, len(points), dtype=f32))


def scattered(count, rays, seed=0, side=60, longest=14.0):
    rng = np.random.default_rng(seed)
    points = rng.integers(-5, side + 5, (count, 2))
    return stars_at(points, rng.uniform(0.001, longest, (count, 1)) * rng.uniform(0.3, 1, (count, rays)))


def one_over_the_other(stars, shape):
    """The least likely first, so that likelier ones cover it, as the original does."""
    out = np.zeros(shape, np.int32)
    for star in reversed(range(len(stars))):
        rows, columns = stars.corners[star]
        out[polygon(rows, columns, shape)] = star + 1
    return out


@pytest.mark.parametrize("rays", [8, 11, 12, 32, 128])
@pytest.mark.parametrize("seed", range(4))
def test_likelier_stars_cover_the_others(rays, seed):
    stars = scattered(40, rays, seed)
    found = paint(stars, (60, 60))[0]
    assert found.dtype == np.int32
    assert len(np.unique(found)) > 10
    np.testing.assert_array_equal(found, one_over_the_other(stars, (60, 60)))


@pytest.mark.parametrize("shape", [(40, 60), (60, 40), (1, 50), (50, 1), (1, 1)])
def test_stars_over_the_edge_are_cut(shape):
    stars = scattered(60, 16, 5, longest=50.0)
    np.testing.assert_array_equal(paint(stars, shape)[0], one_over_the_other(stars, shape))


@pytest.mark.parametrize("point", [(-30, 20), (70, 20), (20, -30), (20, 70), (-30, -30)])
def test_stars_beyond_the_edge_are_not_seen(point):
    assert not paint(stars_at([point], np.full((1, 32), 20)), (40, 40))[0].any()


@pytest.mark.parametrize("seed", range(4))
def test_pixels_on_the_outline_are_inside(seed):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 8, (12, 8)).astype(f32)
    lengths[:, 1::2] *= f32(np.sqrt(2))  # diagonal corners, too, close to the middle of a pixel
    stars = stars_at(rng.integers(6, 34, (12, 2)), lengths)
    np.testing.assert_array_equal(paint(stars, (40, 40))[0], one_over_the_other(stars, (40, 40)))


def on_its_tip(point, length):
    """A square whose corners lie above, below and beside its middle."""
    lengths = np.full((1, 8), length, float)
    lengths[:, 1::2] *= np.sqrt(0.5)  # the other four rays end in the middles of its sides
    return stars_at([point], lengths)


@pytest.mark.parametrize("length", [1, 4, 5.5])
def test_a_square_on_its_tip_has_its_four_corners(length):
    y, x = np.ogrid[:21, :21]
    found = paint(on_its_tip((10, 10), length * (1 + 1e-6)), (21, 21))[0]
    np.testing.assert_array_equal(found, abs(y - 10) + abs(x - 10) <= length)


@pytest.mark.parametrize("point", [(10, 0), (0, 10), (0, 0), (10, 20)])
def test_a_square_at_the_image_s_edge_has_its_corners_too(point):
    square = on_its_tip(point, 4)
    np.testing.assert_array_equal(paint(square, (21, 21))[0], one_over_the_other(square, (21, 21)))


@pytest.mark.parametrize("length", [1e-3, 0.3, 0.99])
def test_the_smallest_star_is_the_pixel_where_it_begins(length):
    found = paint(stars_at([(3, 4)], np.full((1, 32), length)), (8, 9))[0]
    assert np.argwhere(found).tolist() == [[3, 4]]


@pytest.mark.parametrize("seed", range(3))
def test_thin_and_jagged_stars(seed):
    rng = np.random.default_rng(seed)
    stars = stars_at(rng.integers(0, 50, (30, 2)), rng.choice([1e-3, 0.5, 6.2, 30.4], (30, 24)))
    np.testing.assert_array_equal(paint(stars, (50, 50))[0], one_over_the_other(stars, (50, 50)))


def test_a_disc_has_the_area_of_a_disc():
    found = paint(stars_at([(50, 50)], np.full((1, 128), 40.0)), (101, 101))[0]
    assert abs(found.sum() / (np.pi * 40**2) - 1) < 0.01


def test_a_star_hidden_by_a_likelier_one_leaves_its_number_free():
    found = paint(stars_at([(20, 20)] * 3, np.repeat([[10.0], [5.0], [15.0]], 32, axis=1)), (41, 41))[0]
    assert np.unique(found).tolist() == [0, 1, 3]


def test_more_stars_than_two_bytes_count_have_a_number_each():
    points = np.stack(np.mgrid[:260, :260], axis=-1).reshape(-1, 2)
    assert len(points) > 65_535
    found = paint(stars_at(points, np.full((len(points), 8), 0.4)), (260, 260))[0]
    np.testing.assert_array_equal(found, np.arange(1, len(points) + 1).reshape(260, 260))


def test_no_stars_leave_an_empty_image():
    found = paint(stars_at(np.zeros((0, 2)), np.zeros((0, 32))), (5, 7))[0]
    assert found.shape == (5, 7)
    assert not found.any()


def test_stars_that_show_too_little_are_wiped_off_and_the_others_numbered_without_gaps():
    points = [(20, 20), (20, 21), (5, 5), (35, 35)]  # the second lies under the first but for a rim
    stars = stars_at(points, np.repeat([[10.0], [10.0], [1.2], [4.0]], 32, axis=1))
    labels, seen = paint(stars, (41, 41))
    assert seen.all()
    sizes = np.bincount(labels.ravel())
    assert sizes[2] < sizes[4]
    assert sizes[3] < sizes[4]
    labels, seen = paint(stars, (41, 41), int(sizes[4]))
    assert seen.tolist() == [True, False, False, True]
    assert np.bincount(labels.ravel())[1:].tolist() == [sizes[1], sizes[4]]
    assert labels[35, 35] == 2


def test_slivers_on_the_edge_are_wiped_off_below_their_own_size():
    stars = stars_at([(20, 20), (0, 20)], np.repeat([[4.0], [4.0]], 32, axis=1))
    labels, seen = paint(stars, (41, 41))
    sizes = np.bincount(labels.ravel())
    assert sizes[2] < sizes[1]
    labels, seen = paint(stars, (41, 41), 0, int(sizes[2]) + 1)
    assert seen.tolist() == [True, False]
    assert np.bincount(labels.ravel())[1:].tolist() == [sizes[1]]
    assert paint(stars, (41, 41), 0, int(sizes[2]))[1].all()
