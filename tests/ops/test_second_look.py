"""Guess and measured value together are nearer to the truth than either, and the noise is found without the truth."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.second_look import NoiseLine, noise_line, second_look


def scene(seed=0, shape=(160, 160), slope=0.0, floor=100.0):
    """Truth, a measured image, and a guess that is exact on the left and off by about 10 on the right."""
    rng = np.random.default_rng(seed)
    truth = 200 + 100 * ndimage.gaussian_filter(rng.normal(size=shape), 12) * 12
    measured = truth + rng.normal(size=shape) * np.sqrt(floor + slope * truth)
    wrong = ndimage.gaussian_filter(rng.normal(size=shape), 1)
    wrong *= 10 / wrong.std()
    wrong[..., : shape[-1] // 2] = 0
    return truth, measured.astype(np.float32), (truth + wrong).astype(np.float32)


def error(one, other):
    return float(np.square(one - other).mean())


def test_both_together_are_better_than_either():
    truth, measured, guess = scene()
    right = np.s_[:, 100:]
    seen = second_look(measured, guess, NoiseLine(slope=0, floor=100))
    assert seen.dtype == np.float32
    assert error(seen[right], truth[right]) == pytest.approx(50, rel=0.25)  # 100 x 100 / (100 + 100)
    assert error(seen[right], truth[right]) < 0.7 * min(
        error(each[right], truth[right]) for each in (measured, guess)
    )


def test_where_the_guess_is_right_the_noise_stays_out():
    truth, measured, guess = scene()
    left = np.s_[:, :60]
    seen = second_look(measured, guess, NoiseLine(slope=0, floor=100))
    assert error(seen[left], truth[left]) < 0.05 * error(measured[left], truth[left])


def test_without_noise_hardly_anything_but_the_measured_value_is_taken():
    _, measured, guess = scene()
    right = np.s_[:, 100:]
    seen = second_look(measured, guess, NoiseLine(slope=0, floor=0))
    np.testing.assert_allclose(seen[right], (0.1 * guess + 0.9 * measured)[right], rtol=1e-4)


@pytest.mark.parametrize(("slope", "floor"), [(0.0, 100.0), (0.8, 20.0)])
def test_the_noise_is_found_without_the_truth(slope, floor):
    scenes = [scene(seed, slope=slope, floor=floor) for seed in range(4)]
    squares = [(measured - guess) ** 2 for _, measured, guess in scenes]
    line = noise_line([guess for _, _, guess in scenes], squares)
    for signal in (180.0, 260.0):
        assert line.variance(np.float32(signal)) == pytest.approx(floor + slope * signal, rel=0.15)


def test_pixels_that_were_not_hidden_say_nothing():
    _, measured, guess = scene()
    squares = (measured - guess) ** 2
    squares[np.random.default_rng(1).random(squares.shape) > 0.5] = np.nan
    line = noise_line([guess] * 2, [squares] * 2)
    assert line.variance(np.float32(200)) == pytest.approx(100, rel=0.2)
    assert noise_line([guess], [np.full_like(squares, np.nan)]) is None


def test_brighter_is_never_less_noisy():
    rng = np.random.default_rng(0)
    truth = np.tile(np.linspace(0, 100, 200, dtype=np.float32), (200, 1))
    measured = truth + rng.normal(size=truth.shape) * np.linspace(20, 5, 200)
    assert noise_line([truth], [(measured - truth) ** 2]).slope == 0


def test_a_dark_place_has_noise_all_the_same():
    line = NoiseLine(slope=2.0, floor=50.0)
    np.testing.assert_allclose(line.variance(np.array([-100.0, 0.0, 10.0])), [5, 50, 70])


def test_of_too_few_places_nothing_is_said():
    assert noise_line([np.zeros((20, 20), np.float32)], [np.zeros((20, 20))]) is None


@pytest.mark.parametrize("times", [0.1, 4.0])
def test_another_noise_than_that_of_the_training_images_is_seen_in_the_image(times):
    truth, measured, guess = scene(floor=100.0 * times)
    known = second_look(measured, guess, NoiseLine(slope=0, floor=100 * times))
    other = second_look(measured, guess, NoiseLine(slope=0, floor=100))
    assert error(other, truth) < 1.1 * error(known, truth)
    assert error(other, truth) < min(error(each, truth) for each in (measured, guess))


def test_another_camera_s_units_change_nothing():
    _, measured, guess = scene()
    seen = second_look(measured, guess, NoiseLine(slope=0, floor=100))
    scaled = second_look(256 * measured, 256 * guess, NoiseLine(slope=0, floor=100))
    np.testing.assert_allclose(scaled, 256 * seen, rtol=0.02)


def test_stacks_are_looked_at_again_too():
    truth, measured, guess = scene(shape=(6, 80, 80))
    seen = second_look(measured, guess, NoiseLine(slope=0, floor=100))
    right = np.s_[..., 50:]
    assert error(seen[right], truth[right]) < 0.8 * min(
        error(each[right], truth[right]) for each in (measured, guess)
    )


def test_a_line_that_leads_below_nothing_in_the_dark_stops_at_what_was_seen():
    rng = np.random.default_rng(0)
    truth = np.full((240, 240), 100.0, np.float32)  # a camera's offset
    truth[:, 160:] = 500
    variance = np.where(truth > 100, 9000, 60)
    squares = variance * rng.standard_normal(truth.shape) ** 2
    squares[:, 100:160], truth[:, 100:160] = 400 * rng.standard_normal((240, 60)) ** 2, 140
    line = noise_line([truth], [squares])
    assert line.floor < 0 < line.slope
    assert line.variance(np.float32(90.0)) == pytest.approx(60, rel=0.4)
