"""Spots are as many as asked, spread evenly, and every pixel is one as often as any other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.ops.blind_spots import spots


def times_chosen(shape, share, draws, seed=0):
    rng = np.random.default_rng(seed)
    times = np.zeros(shape)
    for _ in range(draws):
        times[spots(shape, share, rng)] += 1
    return times


def chi_square(times, expected):
    """Sum of squared deviations, in units of what chance makes of it: mean 0, standard deviation 1."""
    squares = ((times - expected) ** 2 / expected).sum()
    return (squares - times.size) / np.sqrt(2 * times.size)


@pytest.mark.parametrize(
    ("shape", "share"),
    [
        ((13, 10), 0.05),  # the side of a box is neither whole nor a divisor
        ((7, 33), 0.198),
        ((12, 8), 0.25),
        ((3, 40), 0.01),
        ((5, 9, 8), 0.05),
        ((2, 11, 6), 0.2),
        ((8, 8, 8), 0.125),
    ],
)
def test_every_pixel_is_a_spot_equally_often(shape, share):
    draws = 4000
    times = times_chosen(shape, share, draws)
    assert chi_square(times, draws * share) < 4
    for axis in range(len(shape)):  # what lies along an axis adds up, and shows what a pixel alone would not
        lines = np.moveaxis(times, axis, 0).reshape(shape[axis], -1).sum(axis=1)
        np.testing.assert_allclose(lines / lines.mean(), 1, atol=5 / np.sqrt(lines.mean()))


@pytest.mark.parametrize("share", [0.00198, 0.0198, 0.05, 0.25])
@pytest.mark.parametrize(
    ("shape", "draws"),  # more where few boxes fit, of which one more or less counts
    [((64, 64), 200), ((16, 64, 64), 30), ((7, 33), 3000), ((1, 64, 64), 1000), ((3, 50, 20), 1000)],
)
def test_the_share_of_spots_is_the_one_asked_for(shape, draws, share):
    found = times_chosen(shape, share, draws).sum() / (draws * np.prod(shape))
    assert found == pytest.approx(share, rel=0.04)


@given(
    shape=st.lists(st.integers(1, 20), min_size=2, max_size=3).map(tuple),
    share=st.floats(0.001, 0.25),
    seed=st.integers(0, 999),
)
@settings(max_examples=100, deadline=None)
def test_spots_lie_inside_and_none_is_taken_twice(shape, share, seed):
    times = times_chosen(shape, share, 1, seed)
    places = spots(shape, share, np.random.default_rng(seed))
    assert len(places) == len(shape)
    assert all(((each >= 0) & (each < length)).all() for each, length in zip(places, shape, strict=True))
    assert len(np.unique(np.stack(places), axis=1).T) == len(places[0]) == times.sum()


@pytest.mark.parametrize("shape", [(64, 64), (16, 32, 32)])
def test_spots_are_spread_more_evenly_than_by_chance(shape):
    rng = np.random.default_rng(0)
    quarter = tuple(side // 2 for side in shape)
    inside = [
        np.all([each < side for each, side in zip(spots(shape, 0.05, rng), quarter, strict=True)], axis=0)
        for _ in range(300)
    ]
    counts = np.array([each.sum() for each in inside])
    assert counts.var() < 0.6 * counts.mean()  # of pixels that know nothing of each other it is 0.95


@pytest.mark.parametrize("share", [0, -0.1, 0.3, np.nan])
def test_a_share_that_cannot_be_is_named(share):
    with pytest.raises(BadInput, match=f"share {share:g}\\).*\n.*0.05"):
        spots((64, 64), share, np.random.default_rng(0))
