"""The line from a noisy image to its target: not flattened by noise, and left out where there is nothing to fit."""

import numpy as np
import pytest

from convivo.ops.pair_fit import PairFit, common_fit, fit_pair


def _pair(gain=8.0, offset=50.0, noise=20.0, seed=0, shape=(128, 128)):
    """A target, and an image whose noise hides it: signal of 10, noise of twice that."""
    rng = np.random.default_rng(seed)
    light = rng.gamma(2, 7, shape)
    image = light + 100 + rng.normal(0, noise, shape)
    return image, gain * (light + 100) + offset


@pytest.mark.parametrize(("gain", "offset"), [(8.0, 50.0), (0.2, -300.0), (1.0, 0.0)])
def test_gain_and_offset_are_found_under_strong_noise(gain, offset):
    fit = fit_pair(*_pair(gain, offset))
    assert fit.gain == pytest.approx(gain, rel=0.05)
    assert fit.gain * 110 + fit.offset == pytest.approx(gain * 110 + offset, rel=0.02)
    assert fit.correlation == pytest.approx(10 / np.hypot(10, 20), abs=0.05)
    image, target = _pair(gain, offset)
    flat = np.polyfit(image.ravel(), target.ravel(), 1)[0]
    assert flat < 0.3 * gain  # what least squares the usual way would say


def test_without_noise_the_line_is_exact_also_for_whole_numbers_of_a_camera():
    image = np.random.default_rng(0).integers(0, 200, (9, 11)).astype(np.uint8)
    fit = fit_pair(image, 300 * image.astype(np.int64) + 7)
    assert (fit.gain, fit.offset, fit.correlation) == pytest.approx((300, 7, 1))


@pytest.mark.parametrize("side", [0, 1])
def test_where_one_is_constant_only_the_means_are_brought_together(side):
    pair = list(_pair())
    pair[side] = np.full_like(pair[side], 500.0)
    fit = fit_pair(*pair)
    assert (fit.gain, fit.correlation) == (1.0, 0.0)
    assert fit.offset == pytest.approx(pair[1].mean() - pair[0].mean())


def test_a_target_that_is_bright_where_the_image_is_dark_has_a_gain_below_0():
    image, target = _pair(-8.0, 5000.0)
    fit = fit_pair(image, target)
    assert fit.gain == pytest.approx(-8, rel=0.05)
    assert fit.correlation == pytest.approx(10 / np.hypot(10, 20), abs=0.05)
    assert fit.undo(target).mean() == pytest.approx(image.mean(), rel=1e-4)


def test_without_common_structure_spreads_and_means_are_brought_together():
    image, _ = _pair()
    wanted = -300.0 * _pair(seed=1)[0]
    wanted -= 3 * (image - image.mean())  # less than nothing in common, by chance
    fit = fit_pair(image, wanted)
    assert fit.correlation == 0
    assert fit.undo(wanted).std() == pytest.approx(image.std(), rel=1e-3)
    assert fit.undo(wanted).mean() == pytest.approx(image.mean(), rel=1e-3)


def test_undo_brings_the_target_to_the_units_of_the_image():
    assert PairFit(4.0, 10.0).undo(np.array([10, 18])).tolist() == [0, 2]
    assert PairFit(4.0, 10.0).undo(np.array([10, 18])).dtype == np.float32


@pytest.mark.parametrize(
    ("gain", "correlation", "own"),
    [(4.0, 0.5, True), (0.2, 0.5, True), (1.1, 0.5, False), (4.0, 0.05, False)],
)
def test_a_fit_of_its_own_counts_where_it_is_sure_and_noise_cannot_explain_it(gain, correlation, own):
    fit, common = PairFit(gain, 3.0, correlation), PairFit(1.0, 0.0)
    assert fit.or_else(common) is (fit if own else common)


def test_what_pairs_have_in_common_is_the_median_of_the_sure_ones():
    sure = [PairFit(gain, 10 * gain, 0.8) for gain in (2.0, 3.0, 9.0)]
    unsure = [PairFit(1.0, 500.0, 0.0)] * 4
    assert common_fit([*unsure, *sure]) == PairFit(3.0, 30.0)
    assert common_fit(unsure) == PairFit(1.0, 500.0)
