"""Noise of each pixel's own is told from none, from smooth noise, from salt and pepper, and from clipped noise."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.noise_kinds import measure_noise, neighbour_correlation
from convivo.ops.simulate import Microscope, Scene, simulate


@pytest.fixture(scope="module")
def picture():
    return simulate(Scene(shape=(192, 192), nuclei=12), Microscope(photons=60), seed=0)


def test_photon_noise_has_as_much_power_everywhere(picture):
    assert 0.8 < measure_noise(picture.image).fall < 1.4


def test_without_noise_the_finest_details_have_hardly_any_power(picture):
    assert measure_noise(picture.clean).fall > 100
    assert measure_noise(ndimage.gaussian_filter(picture.image.astype(float), 1)).fall > 100


@pytest.mark.parametrize("axis", [0, 1])
def test_lines_have_as_much_power_everywhere_across_them(picture, axis):
    noise = ndimage.gaussian_filter1d(np.random.default_rng(0).normal(size=(192, 192)), 1.2, axis=axis)
    lined = picture.clean + 0.2 * np.ptp(picture.clean) * noise / noise.std()
    along, across = "YX"[axis], "YX"[1 - axis]
    assert measure_noise(lined).fall > 10
    assert 0.7 < measure_noise(lined, along).fall < 2
    assert measure_noise(lined, across).fall > 10
    assert measure_noise(lined + lined.T, "YX").fall < 3
    assert measure_noise(lined, "Z").fall == measure_noise(lined).fall
    assert measure_noise(picture.clean, along).fall > 100
    assert measure_noise(np.full((64, 64), 7.0), along).fall == np.inf


def test_nothing_at_all_is_no_noise():
    assert measure_noise(np.full((64, 64), 7.0)).fall == np.inf
    assert measure_noise(np.full((64, 64), 7.0)).salt_and_pepper == 0


def test_salt_and_pepper_jumps_and_photons_do_not(picture):
    rng = np.random.default_rng(1)
    salted = picture.image.copy()
    chance = rng.random(salted.shape)
    salted[chance < 0.01], salted[chance > 0.99] = 0, picture.image.max()
    assert measure_noise(picture.image).salt_and_pepper < 0.001
    assert 0.005 < measure_noise(salted).salt_and_pepper < 0.03


def test_clipped_noise_lies_at_the_ends(picture):
    dark = np.clip(picture.image, np.percentile(picture.image, 20), None)
    bright = np.clip(picture.image, None, np.percentile(picture.image, 90))
    assert measure_noise(dark).at_lowest == pytest.approx(0.2, abs=0.06)
    assert measure_noise(bright).at_highest == pytest.approx(0.1, abs=0.03)
    assert max(measure_noise(picture.image).at_lowest, measure_noise(picture.image).at_highest) < 0.01


def test_of_a_stack_some_planes_are_looked_at_and_a_large_plane_in_its_middle(picture):
    stack = np.stack([picture.image] * 7)
    assert measure_noise(stack).fall == pytest.approx(measure_noise(picture.image).fall)
    wide = np.zeros((900, 900))
    wide[300:600, 300:600] = np.random.default_rng(0).normal(size=(300, 300))
    assert measure_noise(wide).at_lowest < 1  # the middle, where something is


@pytest.mark.parametrize("unit", [1e-15, 1e6, 1e18])
def test_neighbours_correlate_alike_in_all_units(unit):
    noise = ndimage.gaussian_filter1d(np.random.default_rng(0).normal(size=(200, 200)), 1.0, axis=1)
    along_y, along_x = neighbour_correlation(noise * unit)
    assert along_x > 0.5 > 0.3 > abs(along_y)
    assert (along_y, along_x) == pytest.approx(neighbour_correlation(noise), abs=1e-3)
