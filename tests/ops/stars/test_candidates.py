"""Which positions propose a star, and where that star stands."""

import tracemalloc
from itertools import permutations, product

import numpy as np
import pytest

from convivo.ops.stars.candidates import SHORTEST, Stars, candidates, joined
from convivo.ops.stars.rays import corners


def answer(shape=(12, 17), rays=8, seed=0):
    """A net's probability and distances; many positions are equally likely."""
    rng = np.random.default_rng(seed)
    likely = rng.integers(0, 11, shape).astype(np.float32) / np.float32(10)
    return likely, rng.uniform(0, 9, (rays, *shape)).astype(np.float32)


def assert_same(found: Stars, expected: Stars):
    for name in ("points", "distances", "probabilities"):
        mine, its = getattr(found, name), getattr(expected, name)
        assert mine.dtype == its.dtype
        np.testing.assert_array_equal(mine, its, err_msg=name)


@pytest.mark.parametrize("grid", [(1, 1), (2, 2), (4, 4), (1, 2)])
@pytest.mark.parametrize("origin", [(0, 0), (32, 8)])
@pytest.mark.parametrize("unit", [1.0, 8.0, 0.3])
def test_each_star_is_what_its_position_says(grid, origin, unit):
    likely, distances = answer()
    found = candidates(likely, distances, 0.45, origin, grid, unit)
    expected = [
        (
            (origin[0] + row * grid[0], origin[1] + column * grid[1]),
            likely[row, column],
            distances[:, row, column],
        )
        for row, column in product(*map(range, likely.shape))
        if likely[row, column] > 0.45
    ]
    assert 0 < len(found) == len(expected) < likely.size
    for star, (point, probability, lengths) in enumerate(expected):
        assert tuple(found.points[star]) == point
        assert found.probabilities[star] == probability
        np.testing.assert_allclose(found.distances[star], np.maximum(lengths * unit, SHORTEST), rtol=1e-6)


def test_what_is_exactly_as_likely_as_the_threshold_is_left_out():
    likely = np.array([[0.25, np.nextafter(np.float32(0.25), np.float32(1)), 0.75]], np.float32)
    found = candidates(likely, np.ones((8, 1, 3), np.float32), 0.25, (0, 0), (1, 1))
    assert found.points.tolist() == [[0, 1], [0, 2]]


@pytest.mark.parametrize("unit", [1.0, 8.0])
def test_no_distance_is_below_the_shortest(unit):
    distances = np.array([-3, 0, 1e-5, SHORTEST, 1], np.float32).reshape(5, 1, 1)
    found = candidates(np.ones((1, 1), np.float32), distances, 0.5, (0, 0), (2, 2), unit)
    assert found.distances.min() == np.float32(SHORTEST)
    assert found.distances[0, -1] == unit


def test_the_net_s_answer_is_left_as_it_was():
    likely, distances = answer()
    before = likely.copy(), distances.copy()
    candidates(likely, distances, 0.1, (0, 0), (1, 1), unit=8.0)
    assert np.array_equal(likely, before[0])
    assert np.array_equal(distances, before[1])


def test_nothing_likely_gives_no_stars_of_the_right_shape():
    found = candidates(np.zeros((4, 5), np.float32), np.ones((32, 4, 5), np.float32), 0.5, (0, 0), (2, 2))
    assert len(found) == 0
    assert_same(found, joined([], 32))
    assert found.corners.shape == (0, 2, 32)


@pytest.mark.parametrize("grid", [(1, 1), (2, 2), (1, 2)])
def test_tiles_in_any_order_give_the_stars_of_the_whole(grid):
    likely, distances = answer((12, 16))
    whole = joined([candidates(likely, distances, 0.3, (0, 0), grid)], 8)
    parts = []
    for rows, columns in product([slice(0, 5), slice(5, 12)], [slice(0, 3), slice(3, 4), slice(4, 16)]):
        origin = (rows.start * grid[0], columns.start * grid[1])
        parts.append(candidates(likely[rows, columns], distances[:, rows, columns], 0.3, origin, grid))
    for order in list(permutations(parts))[::37]:
        assert_same(joined(list(order), 8), whole)


def test_tiles_without_stars_change_nothing():
    likely, distances = answer()
    some = candidates(likely, distances, 0.3, (8, 8), (2, 2))
    assert_same(joined([joined([], 8), some, joined([], 8)], 8), some)
    assert_same(joined([joined([], 8)] * 3, 8), joined([], 8))


def test_a_choice_of_stars_keeps_points_distances_and_probabilities_together():
    likely, distances = answer()
    stars = candidates(likely, distances, 0.3, (0, 0), (1, 1))
    for which in (slice(3, 9), np.array([5, 2, 2]), stars.probabilities > 0.6):
        chosen = stars[which]
        assert len(chosen) == len(stars.points[which])
        assert_same(chosen, Stars(stars.points[which], stars.distances[which], stars.probabilities[which]))


def test_corners_are_those_of_the_points_and_distances():
    likely, distances = answer(rays=12)
    stars = candidates(likely, distances, 0.3, (4, 8), (2, 2), 8.0)
    assert np.array_equal(stars.corners, corners(stars.points, stars.distances))


def test_joining_lets_go_of_the_parts_as_it_goes():
    parts = [
        Stars(
            np.full((50_000, 2), row, np.int32),
            np.ones((50_000, 32), np.float32),
            np.ones(50_000, np.float32),
        )
        for row in range(8)
    ]
    tracemalloc.start()
    before = sum(part.distances.nbytes for part in parts)
    stars = joined(parts, 32)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert parts == []
    assert len(stars) == 400_000
    assert peak < 1.3 * before  # of new memory: the result, and a few numbers for each star


def test_wild_distances_are_cut_to_the_image():
    distances = np.array([np.nan, np.inf, -5.0, 1e9], np.float32)[:, None, None]
    found = candidates(np.ones((1, 1), np.float32), distances, 0.5, (0, 0), (1, 1), 8.0, longest=90.5)
    assert found.distances.tolist() == [[np.float32(SHORTEST), 90.5, np.float32(SHORTEST), 90.5]]
