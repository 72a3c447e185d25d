"""Guess and measured value together are nearer to the truth than either, and no truth is needed to know how."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.second_look import second_look


def scene(seed=0, shape=(160, 160), slope=0.0, floor=100.0, good=0.5):
    """Truth, a measured image, and a guess that is exact on the left and off by about 10 on the right."""
    rng = np.random.default_rng(seed)
    truth = 200 + 100 * ndimage.gaussian_filter(rng.normal(size=shape), 12) * 12
    measured = truth + rng.normal(size=shape) * np.sqrt(floor + slope * truth)
    wrong = ndimage.gaussian_filter(rng.normal(size=shape), 1)
    wrong *= 10 / wrong.std()
    wrong[..., : int(good * shape[-1])] = 0
    return truth, measured.astype(np.float32), (truth + wrong).astype(np.float32)


def error(one, other):
    return float(np.square(one - other).mean())


def test_both_together_are_better_than_either():
    truth, measured, guess = scene()
    right = np.s_[:, 100:]
    seen = second_look(measured, guess)
    assert seen.dtype == np.float32
    assert error(seen[right], truth[right]) == pytest.approx(50, rel=0.25)  # 100 x 100 / (100 + 100)
    assert error(seen[right], truth[right]) < 0.7 * min(
        error(each[right], truth[right]) for each in (measured, guess)
    )


def test_the_noise_is_found_where_guesses_are_best():
    """Most of the image is guessed badly, so what is usual is far above the noise."""
    truth, measured, guess = scene(good=0.25)
    assert error(second_look(measured, guess), truth) < 0.75 * error(guess, truth)


def test_where_the_guess_is_right_the_noise_stays_out():
    truth, measured, guess = scene()
    left = np.s_[:, :60]
    seen = second_look(measured, guess)
    assert error(seen[left], truth[left]) < 0.05 * error(measured[left], truth[left])


@pytest.mark.parametrize(("slope", "floor"), [(0.0, 100.0), (5.0, 0.0), (40.0, -3000.0)])
def test_chance_is_not_taken_for_what_the_guess_lacks(slope, floor):
    """A good guess is left alone: the noise that comes back is a thousandth."""
    truth, measured, guess = scene(slope=slope, floor=floor, good=1.0)
    assert error(second_look(measured, guess), truth) < 0.002 * error(measured, truth)


def test_noise_that_grows_with_brightness_is_told_from_what_the_guess_lacks():
    truth, measured, guess = scene(slope=0.8, floor=20.0)
    seen = second_look(measured, guess)
    assert error(seen, truth) < 0.85 * min(error(each, truth) for each in (measured, guess))


def test_a_few_bright_objects_in_the_dark_do_not_hide_the_noise():
    """Photon noise of nuclei that fill a tenth of the field, with guesses as good as neighbours can make them."""
    rng = np.random.default_rng(0)
    rows, columns = np.indices((240, 240))
    truth = np.where(np.hypot(rows % 80 - 40, columns % 80 - 40) < 14, 900.0, 40.0)
    truth = ndimage.gaussian_filter(truth, 1.5)
    measured = (50 * (rng.poisson(truth / 50) + rng.normal(size=truth.shape))).astype(np.float32)
    guess = (truth + rng.normal(size=truth.shape) * 0.1 * np.sqrt(50 * truth + 2500)).astype(np.float32)
    assert error(second_look(measured, guess), truth) < 1.1 * error(guess, truth)


def test_where_there_is_no_noise_nothing_changes():
    _, measured, _ = scene()
    np.testing.assert_array_equal(second_look(measured, measured), measured)


def test_a_part_without_noise_does_not_stop_the_others():
    truth, measured, guess = scene(good=0.0)
    truth[:, :60] = measured[:, :60] = guess[:, :60] = 5.0  # the border that a registration adds
    seen = second_look(measured, guess)
    assert np.isfinite(seen).all()
    np.testing.assert_allclose(seen[:, :45], 5.0, atol=1e-3)
    assert error(seen[:, 80:], truth[:, 80:]) < error(measured[:, 80:], truth[:, 80:])


def test_another_camera_s_units_change_nothing():
    _, measured, guess = scene()
    np.testing.assert_allclose(
        second_look(256 * measured, 256 * guess), 256 * second_look(measured, guess), rtol=1e-3
    )


def test_stacks_are_looked_at_again_too():
    truth, measured, guess = scene(shape=(6, 80, 80))
    seen = second_look(measured, guess)
    right = np.s_[..., 50:]
    assert error(seen[right], truth[right]) < 0.8 * min(
        error(each[right], truth[right]) for each in (measured, guess)
    )


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (1, 40, 40)])
def test_a_tiny_image_is_no_trouble(shape):
    rng = np.random.default_rng(0)
    measured = rng.normal(size=shape).astype(np.float32)
    assert np.isfinite(second_look(measured, np.zeros(shape, np.float32))).all()


@pytest.mark.parametrize("unit", [1e-30, 1e30])
def test_squares_that_are_no_numbers_are_no_trouble(unit):
    _, measured, guess = scene()
    tiny, usual = (second_look(np.float32(each) * measured, np.float32(each) * guess) for each in (unit, 1))
    np.testing.assert_allclose(tiny / np.float32(unit), usual, rtol=1e-3)
