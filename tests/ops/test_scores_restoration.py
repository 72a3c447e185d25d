"""Scores of restored images, against formulas written down by hand, scikit-image and what must not matter."""

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage import metrics

from convivo.errors import BadInput
from convivo.ops.scores import mean_scores, restoration, restoration_score

TRUTH = np.array([[0.0, 2.0], [4.0, 10.0]])


def _field(shape=(48, 40), seed=0):
    """A smooth truth of some hundred counts, and what noise and blur leave of it."""
    rng = np.random.default_rng(seed)
    truth = 100 + 4000 * ndimage.gaussian_filter(rng.standard_normal(shape), 3)
    return truth + rng.normal(0, 60, shape), truth


def _wang(restored, truth, data_range):
    """As the documentation of scikit-image says that the paper is matched."""
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return metrics.structural_similarity(truth, restored, data_range=data_range, **options)


def test_a_drawn_picture_has_the_scores_one_can_reckon():
    score = restoration_score(np.array([[1.0, 2.0], [3.0, 2.0]]), TRUTH)
    # errors 1, 0, 1, 8; means 2 and 4; sum of products 4 x -1 + 0 + 0 x 1 + 0, of squares 2
    assert score.mean_squared_error == 66 / 4
    assert score.psnr == pytest.approx(10 * math.log10(10**2 / (66 / 4)))
    assert (score.gain, score.offset) == pytest.approx((2.0, 0.0))
    # fitted 2, 4, 6, 4: errors 2, 2, 2, 6
    assert score.nrmse == pytest.approx(math.sqrt(48 / 4) / 10)
    assert score.scale_invariant_psnr == pytest.approx(20 * math.log10(10 / math.sqrt(12)))
    assert (score.data_range, score.pixels) == (10.0, 4)


def test_noise_of_25_grey_values_is_20_17_decibels():
    rng = np.random.default_rng(0)
    truth = rng.uniform(0, 255, (400, 500))
    score = restoration_score(truth + rng.normal(0, 25, truth.shape), truth, data_range=255)
    assert score.psnr == pytest.approx(20.17, abs=0.03)


@pytest.mark.parametrize("shape", [(48, 40), (5, 24, 30)])
def test_measures_are_those_of_scikit_image(shape):
    restored, truth = _field(shape)
    score = restoration_score(0.5 * restored - 30, truth, data_range=3000)
    assert score.psnr == pytest.approx(
        metrics.peak_signal_noise_ratio(truth, 0.5 * restored - 30, data_range=3000)
    )
    slope, intercept = np.polyfit((0.5 * restored - 30).ravel(), truth.ravel(), 1)
    assert (score.gain, score.offset) == pytest.approx((slope, intercept))
    fitted = slope * (0.5 * restored - 30) + intercept
    assert score.nrmse == pytest.approx(metrics.normalized_root_mse(truth, fitted, normalization="min-max"))
    planes = zip(fitted.reshape(-1, *shape[-2:]), truth.reshape(-1, *shape[-2:]), strict=True)
    assert score.ssim == pytest.approx(np.mean([_wang(*each, 3000) for each in planes]), abs=1e-12)
    assert 0.2 < score.ssim < 0.99


def test_scale_invariant_decibels_are_those_of_images_brought_to_mean_0_and_scaled():
    restored, truth = _field()
    centred, true = restored - restored.mean(), truth - truth.mean()
    scaled = centred * (centred * true).sum() / (centred**2).sum()
    wanted = 10 * np.log10(np.ptp(truth) ** 2 / np.mean((scaled - true) ** 2))
    score = restoration_score(restored, truth, data_range=7)
    assert score.scale_invariant_psnr == pytest.approx(wanted)
    assert score.scale_invariant_psnr == pytest.approx(-20 * np.log10(score.nrmse))


@given(gain=st.floats(0.01, 100), offset=st.floats(-1e4, 1e4), seed=st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_gain_and_offset_of_the_restored_image_change_nothing_after_the_fit(gain, offset, seed):
    restored, truth = _field((16, 20), seed)
    before, after = (restoration_score(each, truth) for each in (restored, gain * restored + offset))
    assert after.scale_invariant_psnr == pytest.approx(before.scale_invariant_psnr, abs=1e-6)
    assert after.nrmse == pytest.approx(before.nrmse)
    assert after.ssim == pytest.approx(before.ssim, abs=1e-9)
    assert after.gain * gain == pytest.approx(before.gain)
    assert after.offset + after.gain * offset == pytest.approx(before.offset, abs=1e-4)


@given(gain=st.floats(0.01, 100), offset=st.floats(-1e4, 1e4))
@settings(max_examples=25, deadline=None)
def test_units_of_both_images_together_do_not_matter_to_decibels(gain, offset):
    restored, truth = _field((16, 20))
    before, after = (restoration_score(a * restored + b, a * truth + b) for a, b in ((1, 0), (gain, offset)))
    for measure in ("psnr", "scale_invariant_psnr", "nrmse"):
        assert getattr(after, measure) == pytest.approx(getattr(before, measure), rel=1e-6)
    assert after.mean_squared_error == pytest.approx(gain**2 * before.mean_squared_error)


def test_a_wrong_scale_costs_plain_decibels():
    restored, truth = _field()
    right, wrong = (restoration_score(each, truth) for each in (restored, 2 * restored))
    assert wrong.psnr < right.psnr - 6
    assert right.scale_invariant_psnr > right.psnr  # least squares can only help


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32, np.float64])
def test_equal_images_have_infinite_decibels_and_no_warning(dtype):
    image = np.arange(400).reshape(20, 20).astype(dtype)
    score = restoration_score(image, image)
    assert (score.psnr, score.scale_invariant_psnr) == (math.inf, math.inf)
    assert (score.mean_squared_error, score.nrmse) == (0, 0)
    assert (score.gain, score.offset, score.ssim) == pytest.approx((1, 0, 1))


def test_small_integers_are_subtracted_without_wrapping_round():
    truth = np.array([[0, 200], [100, 255]], np.uint8)
    score = restoration_score(255 - truth, truth)
    assert score.mean_squared_error == (255**2 + 145**2 + 55**2 + 255**2) / 4
    assert score.gain == pytest.approx(-1)  # inverted, as the docstring warns


def test_short_floating_numbers_are_compared_in_full_precision():
    restored, truth = (each.astype(np.float32) for each in _field())
    short = asdict(restoration_score(restored, truth))
    assert short == asdict(restoration_score(restored.astype(np.float64), truth.astype(np.float64)))


def test_a_constant_restored_image_is_worth_the_mean_of_the_truth():
    score = restoration_score(np.full((2, 2), 7.0), TRUTH)
    assert (score.gain, score.offset) == (0.0, 4.0)
    assert score.nrmse == pytest.approx(TRUTH.std() / 10)
    assert math.isfinite(score.ssim)


@pytest.mark.parametrize("shape", [(1, 30), (3, 3), (10, 50), (50, 10), (4, 7, 9)])
def test_images_narrower_than_the_window_are_scored_too(shape):
    restored, truth = _field(shape)
    assert restoration_score(truth, truth).ssim == pytest.approx(1)
    assert restoration_score(restored, truth).ssim < 0.999


@pytest.mark.parametrize("band", [1, 500, 40 * 36])
def test_structural_similarity_is_the_same_in_bands(monkeypatch, band):
    restored, truth = _field()
    whole = restoration_score(restored, truth).ssim
    monkeypatch.setattr(restoration, "BAND", band)
    assert restoration_score(restored, truth).ssim == pytest.approx(whole, abs=1e-12)


def test_a_constant_truth_is_refused():
    with pytest.raises(BadInput, match="truth is 3 everywhere"):
        restoration_score(np.eye(4), np.full((4, 4), 3), data_range=255)


@pytest.mark.parametrize(
    ("restored", "truth", "words"),
    [
        (np.zeros((2, 3)), np.eye(2), r"\(2, 2\).*\(2, 3\)"),
        (np.zeros(3), np.arange(3), r"\(3,\)"),
        (np.zeros((1, 2, 3, 4)), np.zeros((1, 2, 3, 4)), r"\(1, 2, 3, 4\)"),
        (np.zeros((0, 3)), np.zeros((0, 3)), r"\(0, 3\)"),
        (np.full((2, 2), np.nan), TRUTH, "restored image holds NaN"),
        (np.eye(2), TRUTH + np.inf, "truth holds NaN or inf"),
        (np.eye(2, dtype=bool), TRUTH, "restored image holds bool"),
    ],
)
def test_what_cannot_be_scored_is_named(restored, truth, words):
    with pytest.raises(BadInput, match=words):
        restoration_score(restored, truth)


@pytest.mark.parametrize("wrong", [0, -1, math.nan, math.inf])
def test_a_range_that_is_none_is_named(wrong):
    with pytest.raises(BadInput, match=f"data range is {wrong}"):
        restoration_score(np.eye(2), TRUTH, data_range=wrong)


def test_means_are_over_images_and_deviations_those_of_a_sample():
    scores = [
        restoration_score(*_field(shape, seed)) for seed, shape in enumerate([(9, 9), (30, 40), (12, 20)])
    ]
    means = asdict(mean_scores(scores))
    assert means.pop("images") == 3
    assert set(means) == {"psnr", "scale_invariant_psnr", "ssim", "nrmse"}
    for measure, found in means.items():
        values = [getattr(score, measure) for score in scores]
        assert found["mean"] == pytest.approx(sum(values) / 3)
        variance = sum((value - sum(values) / 3) ** 2 for value in values) / 2
        assert found["standard_deviation"] == pytest.approx(math.sqrt(variance))


def test_a_perfect_image_makes_the_mean_infinite_and_one_image_has_no_deviation():
    scores = [restoration_score(*_field()), restoration_score(TRUTH, TRUTH)]
    both = mean_scores(scores)
    assert both.psnr.mean == math.inf
    assert math.isnan(both.psnr.standard_deviation)
    assert math.isfinite(both.ssim.mean + both.ssim.standard_deviation + both.nrmse.mean)
    one = mean_scores(scores[:1])
    assert one.psnr.mean == scores[0].psnr
    assert math.isnan(one.psnr.standard_deviation)


def test_no_image_at_all_has_no_mean():
    with pytest.raises(BadInput, match="no image"):
        mean_scores([])
