"""Brightness becomes comparable, and an empty field stays empty."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from convivo.ops import normalisation
from convivo.ops.normalisation import (
    NOISE_SAMPLE,
    Normalisation,
    _neighbouring_rows,
    _percentiles,
    learned_floor,
    noise_level,
    normalise,
)


def _discs(rng, contrast=40.0, noise=1.0, shape=(128, 128)):
    """Bright discs on a dark ground, with noise."""
    y, x = np.indices(shape)
    field = sum((((y - cy) ** 2 + (x - cx) ** 2) < 12**2) for cy, cx in [(30, 30), (80, 90), (100, 30)])
    return (contrast * (field > 0) + noise * rng.standard_normal(shape))[None]


@given(low=st.floats(0, 20), high=st.floats(80, 100), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_the_two_percentiles_become_0_and_1(low, high, seed):
    pixels = np.random.default_rng(seed).gamma(2, 300, size=(2, 40, 30)) * [[[1]], [[50]]]
    shown = normalise(pixels, Normalisation(low=low, high=high))
    assert shown.dtype == np.float32
    for channel in shown:
        np.testing.assert_allclose(np.percentile(channel, [low, high]), [0, 1], atol=1e-4)


def test_percentiles_and_floor_are_each_channels_own():
    rng = np.random.default_rng(0)
    flat, strong = rng.standard_normal((128, 128)), _discs(rng)[0]
    shown = normalise(np.stack([strong, flat]), Normalisation(floor=(0.0, 20.0)))
    alone = normalise(strong[None], Normalisation())
    assert np.ptp(shown[1]) < 0.6
    np.testing.assert_array_equal(shown[0], alone[0])


def test_an_empty_noisy_field_is_not_stretched_and_a_filled_one_is_as_before():
    rng = np.random.default_rng(1)
    filled = [_discs(rng) for _ in range(4)]
    learned = Normalisation(floor=learned_floor(filled, Normalisation()))
    empty = 100 + 3 * rng.standard_normal((1, 128, 128))
    assert np.percentile(normalise(empty, Normalisation()), 99.8) > 0.99  # the trap
    assert np.percentile(normalise(empty, learned), 99.8) < 0.5
    for image in filled:
        np.testing.assert_array_equal(normalise(image, learned), normalise(image, Normalisation()))


def test_noise_alone_spans_what_the_normal_distribution_says():
    quantile = NormalDist().inv_cdf
    assert pytest.approx(quantile(0.998) - quantile(0.01), abs=0.01) == normalisation.EMPTY


@given(factor=st.floats(0.01, 1000), offset=st.floats(0, 1000), floor=st.sampled_from([(), (8.0,), (300.0,)]))
@settings(max_examples=30, deadline=None)
def test_exposure_and_offset_of_a_whole_image_change_nothing(factor, offset, floor):
    pixels = _discs(np.random.default_rng(2), shape=(64, 64))
    how = Normalisation(floor=floor)
    changed = normalise(pixels * factor + offset * factor, how)
    np.testing.assert_allclose(changed, normalise(pixels, how), atol=2e-3)


@pytest.mark.parametrize("floor", [(), (30.0,)])
@pytest.mark.parametrize(
    "pixels",
    [
        np.full((1, 9, 9), 77, np.uint16),
        np.full((1, 1, 1), 5.0),
        np.zeros((1, 0, 7)),
        np.zeros((1, 4, 0, 7)),
        np.full((1, 3, 9, 9), 4, np.uint8),
    ],
)
def test_images_without_any_contrast_become_zeros(pixels, floor):
    shown = normalise(pixels, Normalisation(floor=floor))
    assert shown.shape == pixels.shape
    assert not shown.any()


def test_integers_are_subtracted_without_wrapping_round():
    pixels = np.array([[[0, 100, 65535, 7]]], np.uint16)
    shown = normalise(pixels, Normalisation(low=50, high=100))
    np.testing.assert_allclose(shown, (pixels - 53.5) / (65535 - 53.5), rtol=1e-5)


def test_large_integers_keep_their_differences():
    pixels = (4_000_000_000 + np.arange(100, dtype=np.uint32)).reshape(1, 10, 10)
    shown = normalise(pixels, Normalisation(low=0, high=100))
    np.testing.assert_allclose(shown.ravel(), np.linspace(0, 1, 100), atol=1e-5)


@pytest.mark.parametrize("sigma", [0.5, 4.0, 60.0])
def test_noise_is_measured_under_structure(sigma):
    rng = np.random.default_rng(3)
    y, x = np.indices((200, 200))
    structure = 1000 + 3 * x - 2 * y + 40 * np.sin(x / 20) + 50 * np.sin(y / 30)
    structure += ndimage.gaussian_filter(_discs(rng, 500, 0, (200, 200))[0], 2)
    assert noise_level(structure + sigma * rng.standard_normal(y.shape)) == pytest.approx(sigma, rel=0.12)


def test_noise_of_a_stack_and_of_what_is_too_small_to_say():
    stack = np.random.default_rng(4).normal(50, 7, size=(5, 60, 60))
    assert noise_level(stack) == pytest.approx(7, rel=0.05)
    assert noise_level(np.ones((2, 90))) == 0
    assert noise_level(np.ones((0, 0))) == 0


def test_no_floor_is_learned_from_nothing_or_from_images_without_noise():
    assert learned_floor([], Normalisation()) == ()
    y, x = np.indices((50, 50))
    assert learned_floor([((y + x) * 10)[None].astype(np.uint16)], Normalisation()) == (0.0,)


@pytest.mark.parametrize("shape", [(300, 400), (3, 40_000), (40_000, 3), (40, 60, 50)])
def test_a_huge_image_is_judged_by_a_sample_of_all_its_parts(monkeypatch, shape):
    pixels = np.random.default_rng(5).uniform(0, 1, size=(1, *shape))
    pixels *= 1 + np.arange(shape[-2])[:, None] / shape[-2] + np.arange(shape[-1]) / shape[-1]
    whole = normalise(pixels, Normalisation())
    monkeypatch.setattr(normalisation, "SAMPLE", 10_000)
    assert normalisation._sample(pixels[0]).size <= 30_000
    np.testing.assert_allclose(normalise(pixels, Normalisation()), whole, atol=0.03)


def test_noise_is_known_where_most_pixels_are_clipped_to_zero():
    sparse = np.random.default_rng(0).poisson(0.05, (300, 300)).astype(np.uint8)
    assert np.median(sparse) == 0
    assert noise_level(sparse) == pytest.approx(sparse.std(), rel=0.5)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.float32])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (40, 61)])
def test_counting_gives_the_percentiles_that_sorting_gives(dtype, shape):
    rng = np.random.default_rng(3)
    values = (rng.standard_normal(shape) * 40).clip(-120, 120)
    values = (values - (values.min() if np.dtype(dtype).kind == "u" else 0)).astype(dtype)
    shares = (0.0, 1.0, 37.3, 99.8, 100.0)
    np.testing.assert_allclose(_percentiles(values, shares), np.percentile(values, shares), rtol=1e-6)


def test_the_noise_of_a_large_image_is_read_from_evenly_spaced_rows():
    rng = np.random.default_rng(0)
    image = np.sin(np.arange(900) / 40)[:, None] * 300 + 7.0 * rng.standard_normal((900, 700))
    assert noise_level(image) == pytest.approx(7.0, rel=0.02)
    halves = np.where(np.arange(900)[:, None] < 450, 3.0, 15.0) * rng.standard_normal((900, 700))
    assert 3.5 < noise_level(halves) < 10
    looked_at = _neighbouring_rows(np.repeat(np.arange(900)[:, None], 700, axis=1))
    assert looked_at[1].size < 1.3 * NOISE_SAMPLE
    for before, here, behind in zip(*looked_at, strict=True):
        assert (before + 1 == here).all()
        assert (here + 1 == behind).all()


@pytest.mark.parametrize("shape", [(2000, 64, 64), (400, 256, 256), (30, 400, 400)])
def test_the_noise_of_a_stack_is_read_from_all_over_its_planes(shape):
    """Rows alone were thinned once: of a deep stack only the topmost counted, black where it was registered."""
    stack = 12.0 * np.random.default_rng(0).standard_normal(shape, np.float32)
    stack[:, :3] = 0
    assert noise_level(stack) == pytest.approx(12.0, rel=0.06)
    assert noise_level(stack[:, ::-1]) == pytest.approx(12.0, rel=0.06)
