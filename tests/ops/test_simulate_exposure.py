"""Twins of low exposure: their mean is the image, their noise that of photons and camera."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from convivo.errors import BadInput
from convivo.ops.simulate import low_exposure

LEVELS = np.repeat([100, 200, 400, 1100], 500)  # dark, two between, bright
STAIRS = np.broadcast_to(LEVELS, (60, 2000))


def _field(shape=(32, 40), dtype=np.uint16):
    values = ndimage.gaussian_filter(np.random.default_rng(0).uniform(0, 250, shape), 2)
    return values.astype(dtype)


@given(photons=st.floats(0.2, 500), read_noise=st.floats(0, 5), seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_every_level_keeps_its_mean_and_has_the_variance_of_its_photons(photons, read_noise, seed):
    twin = low_exposure(STAIRS, photons, np.random.default_rng(seed), read_noise=read_noise)
    for level in np.unique(LEVELS):
        expected = photons * (level - 100) / 1000
        variance = expected + read_noise**2
        caught = (twin[:, level == LEVELS].astype(np.float64) - 100) / 1000 * photons
        assert caught.mean() == pytest.approx(expected, abs=5 * math.sqrt(variance / caught.size) + 1e-5)
        assert caught.var() == pytest.approx(variance, rel=0.08 + 0.05 / (1 + expected), abs=1e-6)


@pytest.mark.parametrize("shape", [(32, 40), (3, 16, 20)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32, np.float64])
def test_the_mean_of_many_twins_is_the_image(shape, dtype):
    image = _field(shape, dtype)
    rng = np.random.default_rng(1)
    twins = np.array([low_exposure(image, 20, rng) for _ in range(200)])
    assert twins.shape[1:] == shape
    assert twins.dtype == np.float32
    above = image >= np.percentile(image, 0.1)
    error = (twins.mean(axis=0) - image)[above] / (twins.std(axis=0) / math.sqrt(200))[above]
    assert abs(error.mean()) < 5 / math.sqrt(error.size)
    assert error.std() == pytest.approx(1, abs=0.1)


def test_a_pixel_at_percentile_99_8_gets_the_photons_asked_for():
    image = np.arange(100_001, dtype=float).reshape(1, -1)
    dark, bright = 100.0, 99_800.0
    twin = low_exposure(image, 400, np.random.default_rng(2), read_noise=0)
    photons = (twin[0] - dark) / (bright - dark) * 400
    np.testing.assert_allclose(photons, np.rint(photons), atol=1e-3)  # whole photons without read noise
    assert photons[99_700:99_901].mean() == pytest.approx(400, abs=5 * math.sqrt(400 / 201))


def test_what_is_brighter_than_percentile_99_8_is_not_clipped():
    image = np.tile(np.linspace(0, 10, 1000), (20, 1))
    image[:, -1] = 1000
    twin = low_exposure(image, 100, np.random.default_rng(3))
    assert twin[:, -1].mean() == pytest.approx(1000, rel=0.02)


def test_what_lies_below_dark_gets_no_light():
    image = np.full((100, 100), 50.0)
    image[0, 0] = -1000.0
    image[50:] = 90.0
    twin = low_exposure(image, 10, np.random.default_rng(3), read_noise=0)
    assert twin[0, 0] == twin[1, 1] == 50


@given(gain=st.floats(0.01, 100), offset=st.floats(-1e3, 1e3))
@settings(max_examples=25, deadline=None)
def test_units_of_the_image_do_not_matter(gain, offset):
    image = np.repeat([0.0, 1.0, 3.0, 8.0], 50).reshape(10, 20)
    plain = low_exposure(image, 5, np.random.default_rng(4))
    other = low_exposure(gain * image + offset, 5, np.random.default_rng(4))
    same = np.isclose(other, gain * plain + offset, atol=1e-3 * gain + 1e-6 * abs(offset))
    assert same.mean() > 0.98  # a photon more or less where an expectation was rounded


def test_the_same_numbers_give_the_same_twin_and_the_next_ones_another():
    image = _field()
    rng = np.random.default_rng(5)
    first, second = low_exposure(image, 5, rng), low_exposure(image, 5, rng)
    np.testing.assert_array_equal(first, low_exposure(image, 5, np.random.default_rng(5)))
    assert (first != second).mean() > 0.9
    np.testing.assert_array_equal(image, _field())  # the original is left alone


@pytest.mark.parametrize("photons", [0, -1, math.nan, math.inf, 2e9])
def test_photons_that_cannot_be_are_named(photons):
    with pytest.raises(BadInput, match=f"^{photons:g} photons".replace("+", r"\+")):
        low_exposure(_field(), photons, np.random.default_rng(0))


@pytest.mark.parametrize("read_noise", [-0.1, math.nan, math.inf])
def test_read_noise_that_cannot_be_is_named(read_noise):
    with pytest.raises(BadInput, match=f"read noise of {read_noise:g}"):
        low_exposure(_field(), 5, np.random.default_rng(0), read_noise=read_noise)


def _speck():
    image = np.full((100, 100), 7, np.uint8)
    image[0, 0] = 200
    return image


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.full((20, 20), 7, np.uint8), "no contrast.*7"),
        (_speck(), "no contrast.*99.7 %.*7"),
        (np.array([[0, np.nan]]), "NaN"),
        (np.array([[0, -np.inf]]), "NaN or infinite"),
        (np.eye(3, dtype=bool), "bool"),
        (np.arange(5), r"\(5,\)"),
        (np.zeros((2, 3, 4, 5)), r"\(2, 3, 4, 5\)"),
        (np.zeros((0, 4)), r"\(0, 4\)"),
    ],
)
def test_an_image_without_twin_says_why(image, words):
    with pytest.raises(BadInput, match=words):
        low_exposure(image, 5, np.random.default_rng(0))
