"""The fingerprint measures what was drawn."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.fingerprint import BRIGHTNESS_LEVELS, LEVELS, fingerprint
from convivo.ops.measure import diameters

EMPTY = np.zeros((96, 96), np.uint16)


def _noise(seed=0, sigma=5.0, shape=(512, 512)):
    return np.random.default_rng(seed).normal(1000, sigma, size=(1, *shape))


def _balls(radii, dimensions, pitch=40):
    """Discs or balls of these radii in a row."""
    shape = (pitch,) * (dimensions - 1) + (pitch * len(radii),)
    labels = np.zeros(shape, np.int32)
    for number, radius in enumerate(radii, start=1):
        centre = (pitch / 2,) * (dimensions - 1) + (pitch * (number - 0.5),)
        distance = sum((axis - place) ** 2 for axis, place in zip(np.indices(shape), centre, strict=True))
        labels[distance < radius**2] = number
    return labels


@pytest.mark.parametrize("dimensions", [2, 3])
def test_diameters_are_those_of_the_discs_and_balls_drawn(dimensions):
    labels = _balls([6, 8, 10, 12, 14], dimensions)
    found = fingerprint([_noise(shape=labels.shape)], [labels])
    assert found.objects == 5
    np.testing.assert_allclose(found.object_diameters, 2 * np.quantile([6, 8, 10, 12, 14], LEVELS), rtol=0.03)


def test_a_square_of_100_pixels_and_a_cube_of_1000_have_known_diameters():
    assert diameters(np.array([100]), 2)[0] == pytest.approx(2 * np.sqrt(100 / np.pi))
    assert diameters(np.array([1000]), 3)[0] == pytest.approx((6000 / np.pi) ** (1 / 3))


def test_white_noise_has_its_level_and_no_correlation():
    found = fingerprint([_noise(sigma=5)], [EMPTY])
    assert found.noise_level == pytest.approx(5, rel=0.05)
    assert np.abs(found.noise_autocorrelation).max() < 0.07


def test_noise_smoothed_along_one_axis_is_correlated_along_that_axis():
    along_x = ndimage.uniform_filter1d(_noise(), 2, axis=-1)
    y, x = fingerprint([along_x], [EMPTY]).noise_autocorrelation
    assert abs(y) < 0.1
    assert 0.2 < x < 0.6  # 0.5 for a mean of two neighbours; less among dark pixels, which are alike
    turned = fingerprint([along_x.swapaxes(-1, -2)], [EMPTY]).noise_autocorrelation
    assert turned == pytest.approx((x, y), abs=1e-6)


def test_structure_does_not_pass_for_correlated_noise():
    y, x = np.indices((512, 512))
    nuclei = 400 * (((y % 64 - 32) ** 2 + (x % 64 - 32) ** 2) < 20**2)
    found = fingerprint([_noise() + ndimage.gaussian_filter(nuclei.astype(float), 2) + x / 4], [EMPTY])
    assert np.abs(found.noise_autocorrelation).max() < 0.1


def test_numbers_of_images_are_medians_and_objects_are_pooled():
    images = [_noise(seed, sigma) for seed, sigma in enumerate([1, 4, 100])]
    labels = [_balls([5], 2), _balls([5, 9], 2), _balls([], 2)]
    found = fingerprint(images, labels)
    assert (found.images, found.objects) == (3, 3)
    assert found.noise_level == pytest.approx(4, rel=0.05)
    expected = np.median([np.quantile(each, BRIGHTNESS_LEVELS) for each in images], axis=0)
    np.testing.assert_allclose(found.intensities, expected)


def test_the_first_channel_counts_and_unknown_or_missing_objects_do_not():
    image = np.concatenate([_noise(), _noise(1, 90)]).astype(np.float32)
    labels = np.full((256, 256), -1)
    found = fingerprint([image], [labels])
    assert found.noise_level == pytest.approx(5, rel=0.05)
    assert (found.objects, found.object_diameters, found.dtype) == (0, (), "float32")


def test_ids_may_have_gaps_and_be_huge():
    labels = _balls([6, 9], 2).astype(np.uint32)
    plain = fingerprint([_noise()], [labels])
    assert fingerprint([_noise()], [labels * 2_000_000_000]) == plain


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (9, 9)])
def test_constant_and_tiny_images_have_no_noise(shape):
    found = fingerprint([np.full((1, *shape), 9, np.uint8)], [np.zeros(shape, np.uint8)])
    assert (found.noise_level, found.noise_autocorrelation) == (0, (0, 0))
