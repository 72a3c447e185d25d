"""Noise along lines is told from each pixel's own, with how far it runs, and chance is not taken for it."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.noise_lines import noise_along

SHAPE = (192, 192)


def own(seed=0, shape=SHAPE):
    return np.random.default_rng(seed).standard_normal(shape)


def summed(count, axis, seed=0):
    """Noise that is the sum of so many neighbours' own: correlations fall in a straight line to 0 at `count`."""
    return sum(np.roll(own(seed), step, axis=axis) for step in range(count)) / np.sqrt(count)


def test_noise_of_each_pixel_is_real_in_no_direction():
    found = [line for seed in range(30) for line in noise_along(own(seed)).values()]
    assert not any(line.is_real for line in found)
    assert {line.predicted for line in found} == {0.0}
    assert {line.reach for line in found} == {0}


def test_correlations_scatter_no_more_than_their_error_says():
    found = np.array([noise_along(own(seed))["X"].correlations for seed in range(40)])
    error = noise_along(own())["X"].error
    assert 0.6 * error < found.std() < 1.05 * error
    assert abs(found.mean()) < error / 4


@pytest.mark.parametrize(("axis", "name"), [(-2, "Y"), (-1, "X")])
def test_lines_are_found_along_their_axis_alone(axis, name):
    found = noise_along(summed(2, axis))
    other = {"Y": "X", "X": "Y"}[name]
    assert found[name].correlations[0] == pytest.approx(0.5, abs=0.03)
    assert found[name].reach == 1
    assert not found[other].is_real
    assert found["diagonal"].correlations[0] < found["diagonal"].limit


def test_the_reach_is_as_far_as_noise_runs():
    assert noise_along(summed(4, -1))["X"].reach == 3


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_what_a_line_tells_is_what_the_best_linear_guess_explains(share):
    """Of noise where each pixel keeps `share` of the one before, neighbours explain 2 share^2 / (1 + share^2).

    Correlations that may be chance count as none, which makes it a little too much.
    """
    fresh = own(shape=(256, 300)) * np.sqrt(1 - share**2)
    kept = np.empty_like(fresh)
    kept[:, 0] = fresh[:, 0]
    for column in range(1, fresh.shape[1]):
        kept[:, column] = share * kept[:, column - 1] + fresh[:, column]
    found = noise_along(kept[:, 44:])["X"].predicted
    assert found == pytest.approx(2 * share**2 / (1 + share**2), abs=0.05)


def test_stripes_never_end():
    striped = own() + np.random.default_rng(1).standard_normal((SHAPE[0], 1))
    found = noise_along(striped)
    assert found["X"].never_ends
    assert not found["Y"].never_ends
    assert not noise_along(summed(3, -1))["X"].never_ends


def test_smooth_noise_runs_along_diagonals_too():
    found = noise_along(ndimage.gaussian_filter(own(), 0.7))
    assert found["diagonal"].correlations[0] > found["diagonal"].limit
    assert min(found[axis].predicted for axis in "YX") > 0.4


def test_edges_are_not_taken_for_noise():
    ramp = 2.0 * np.arange(SHAPE[0])[:, None]  # its slope is the same for all neighbours
    assert not noise_along(own() + ramp)["X"].is_real
    steps = 100.0 * (np.indices(SHAPE).sum(axis=0) // 48 % 2)
    assert max(line.predicted for line in noise_along(own() + steps).values()) < 0.05


def test_a_stack_has_a_third_direction():
    noise = own(shape=(8, 96, 96))
    noise[1:] += noise[:-1].copy()
    found = noise_along(noise)
    assert found["Z"].correlations[0] == pytest.approx(0.5, abs=0.05)
    assert not found["X"].is_real
    assert "Z" not in noise_along(own())


@pytest.mark.parametrize("channel", [np.zeros((64, 64)), own(shape=(10, 64)), np.full((64, 64), np.nan)])
def test_nothing_is_said_where_there_is_nothing_to_measure(channel):
    assert noise_along(channel) == {}
