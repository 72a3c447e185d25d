"""Shifts are found where they were made, under few photons, other gains and uneven light."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from convivo.errors import BadInput
from convivo.ops import registration
from convivo.ops.registration import _middle, correlation, shift_between
from convivo.ops.simulate import Microscope, Scene, low_exposure, simulate

EVEN = Microscope(unevenness=0, glow=0)


@cache
def _clean(seed=0):
    """A field of nuclei without noise, a margin larger than what is compared."""
    return simulate(Scene(shape=(296, 296), nuclei=34), EVEN, seed=seed).clean.astype(float)


@cache
def _stack():
    return simulate(Scene(shape=(20, 112, 112), nuclei=24, diameter=16), EVEN, seed=1).clean.astype(float)


def _moved(field, shift, margin=20):
    """The middle of a field, and of the same after the stage moved."""
    around = (2,) * (field.ndim - 2) + (margin, margin)
    middle = tuple(slice(cut, -cut) for cut in around)
    return field[middle], ndimage.shift(field, shift, mode="nearest")[middle]


def _noisy(field, photons, seed=0):
    return low_exposure(field, photons, np.random.default_rng(seed))


@pytest.mark.parametrize("photons", [5, 20, 100])
def test_aligned_pairs_have_no_shift_however_few_the_photons(photons):
    image, target = _moved(_clean(), (0, 0))
    found = shift_between(_noisy(image, photons), 3 * target + 400)
    assert np.abs(found).max() < 0.25


@pytest.mark.parametrize("photons", [5, 100])
@pytest.mark.parametrize("shift", [(1, -1), (-3.4, 7.2), (10, 10), (0.5, -9.5)])
def test_the_shift_of_the_target_is_found(photons, shift):
    image, target = _moved(_clean(), shift)
    found = shift_between(_noisy(image, photons), 0.2 * target + 50)
    np.testing.assert_allclose(found, shift, atol=0.3)


@given(y=st.floats(-10, 10), x=st.floats(-10, 10))
@settings(max_examples=8, deadline=None)
def test_without_noise_any_shift_is_found_to_a_tenth(y, x):
    image, target = _moved(_clean(), (y, x))
    np.testing.assert_allclose(shift_between(image, target), (y, x), atol=0.1)


def test_the_sign_says_where_the_target_lies_and_turns_with_the_order():
    image = np.zeros((64, 64))
    image[20:26, 30:36] = 1
    target = np.roll(image, (5, -3), axis=(0, 1))
    assert shift_between(image, target) == pytest.approx((5, -3), abs=0.1)
    assert shift_between(target, image) == pytest.approx((-5, 3), abs=0.1)


def test_light_that_is_uneven_and_fixed_to_the_camera_does_not_hold_the_shift_back():
    image, target = _moved(_clean(), (6, -8))
    y, x = np.indices(image.shape) / image.shape[0]
    for here, there in ((1 - 0.5 * x, 1 - 0.5 * x), (1 - 0.5 * y, 0.4 + 0.6 * x)):
        seen = _noisy((image + 300) * here, 5), (target + 300) * there
        np.testing.assert_allclose(shift_between(*seen), (6, -8), atol=0.3)
        assert correlation(*seen, (6, -8)) > 0.75


def test_a_glow_much_stronger_than_the_objects_is_ignored():
    image, target = _moved(_clean(), (4, 3))
    y, x = np.indices(image.shape) / image.shape[0]
    glow = 10 * np.ptp(image) * np.exp(-((y - 0.4) ** 2 + (x - 0.6) ** 2))
    np.testing.assert_allclose(shift_between(image + glow, target + glow), (4, 3), atol=0.3)


@pytest.mark.parametrize("shift", [(0, 0, 0), (2, -4.3, 6.1), (-1.5, 9, 0)])
def test_stacks_have_a_shift_along_z_too(shift):
    image, target = _moved(_stack(), shift)
    found = shift_between(_noisy(image, 5), 3 * target + 400)
    np.testing.assert_allclose(found, shift, atol=0.3)
    assert correlation(_noisy(image, 20), target, found) > 0.8


def test_planes_that_get_brighter_with_depth_do_not_hold_the_shift_back():
    image, target = _moved(_stack(), (2, 1, -3))
    depth = 5 * np.ptp(image) * np.arange(len(image))[:, None, None]
    np.testing.assert_allclose(shift_between(image + depth, target + depth), (2, 1, -3), atol=0.3)


@given(shape=st.lists(st.integers(1, 9), min_size=2, max_size=3), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_pictures_of_nothing_in_common_have_a_shift_within_the_image(shape, seed):
    image, target = np.random.default_rng(seed).normal(size=(2, *shape))
    found = shift_between(image, target)
    assert (np.abs(found) <= shape).all()
    assert -1 <= correlation(image, target) <= 1


def test_correlation_tells_one_field_from_two():
    image, target = _moved(_clean(), (0, 0))
    other = _moved(_clean(seed=3), (0, 0))[0]
    noisy = _noisy(image, 5)
    assert correlation(noisy, 3 * target + 400) > 0.8
    assert abs(correlation(noisy, other)) < 0.3
    assert abs(correlation(noisy, other, shift_between(noisy, other))) < 0.5


def test_correlation_looks_where_it_is_told():
    image, target = _moved(_clean(), (9, -7))
    assert correlation(image, target, (9.3, -7.2)) > 0.99
    assert correlation(image, target) < 0.7
    assert correlation(image, target, (-9, 7)) < 0.5


def test_inverted_contrast_has_the_same_shift_and_a_correlation_below_0():
    image, target = _moved(_clean(), (2, 5))
    np.testing.assert_allclose(shift_between(image, -target), (2, 5), atol=0.1)
    assert correlation(image, -target, (2, 5)) == pytest.approx(-correlation(image, target, (2, 5)))
    assert correlation(image, image) == pytest.approx(1)


@given(gain=st.floats(1e-6, 1e6), offset=st.floats(-1e5, 1e5))
@settings(max_examples=8, deadline=None)
def test_gain_and_offset_change_nothing(gain, offset):
    image, target = _moved(_clean(), (3, 1))
    image, target = image[:64, :64], target[:64, :64] / np.ptp(target)
    changed = gain * (target + offset / 1e3)
    np.testing.assert_allclose(shift_between(image, changed), shift_between(image, target), atol=0.051)
    assert correlation(image, changed) == pytest.approx(correlation(image, target), abs=1e-4)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (2, 3), (1, 16, 16)])
def test_images_that_show_nothing_or_hardly_anything_are_not_shifted_far(shape):
    flat, noise = np.full(shape, 7, np.uint16), np.random.default_rng(0).normal(size=shape)
    assert shift_between(flat, noise) == shift_between(noise, flat) == (0.0,) * len(shape)
    assert correlation(flat, noise) == correlation(noise, flat) == 0
    assert (np.abs(shift_between(noise, noise)) <= 0.05).all()


@pytest.mark.parametrize(
    ("shape", "looked_at"),
    [
        ((1200, 900), (1024, 900)),
        ((300, 200), (300, 200)),
        ((2, 1200, 1100), (2, 1000, 1000)),
        ((100, 600, 120), (64, 176, 120)),
    ],
)
def test_of_large_images_the_middle_is_looked_at(shape, looked_at):
    places = np.arange(np.prod(shape), dtype=np.int64).reshape(shape)
    middle = _middle(places)
    assert middle.shape == looked_at
    for axis, (length, kept) in enumerate(zip(shape, looked_at, strict=True)):
        first = np.unravel_index(middle.flat[0], shape)[axis]
        assert first == (length - kept) // 2


def test_a_shift_is_found_in_the_middle_of_a_large_image(monkeypatch):
    monkeypatch.setattr(registration, "SIDE", 160)
    image, target = _moved(_clean(), (-6, 4))
    image = image.copy()
    image[:40] = target[:40]  # outside of the middle
    np.testing.assert_allclose(shift_between(image, target), (-6, 4), atol=0.15)


@pytest.mark.parametrize("compare", [shift_between, correlation])
@pytest.mark.parametrize(
    ("image", "target", "words"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), r"\(2, 3\).*\(3, 2\)"),
        (np.zeros(3), np.zeros(3), r"\(3,\)"),
        (np.zeros((0, 3)), np.zeros((0, 3)), r"\(0, 3\)"),
        (np.zeros((2, 2)), np.full((2, 2), np.nan), "target holds NaN"),
        (np.full((2, 2), np.inf), np.zeros((2, 2)), "image holds NaN or inf"),
    ],
)
def test_what_cannot_be_compared_is_named(compare, image, target, words):
    with pytest.raises(BadInput, match=words):
        compare(image, target)


@pytest.mark.parametrize("shift", [(1,), (1, 2, 3), (0, 10), (-10, 0)])
def test_a_shift_that_leaves_nothing_to_compare_is_named(shift):
    with pytest.raises(BadInput, match=r"shift of .*\(10, 10\)"):
        correlation(np.eye(10), np.eye(10), shift)
