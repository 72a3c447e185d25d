"""Two microscopes: pairs with known truth, a net that knows nuclei alone, and a fit that learns a shift."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from convivo.lab import practice
from convivo.lab.questions.two_microscopes import Exposed, Misaligned, misaligned, shifted, two_microscopes
from convivo.lab.window import Window
from convivo.ops.scores import restoration_score
from convivo.ops.simulate import low_exposure

WINDOW = Window("nuclei")


def test_the_net_helps_nuclei_more_than_a_filter_does_and_filaments_less():
    pair = two_microscopes(Exposed(WINDOW, "picture", 5.0))
    clean = practice.image("nuclei").clean
    np.testing.assert_array_equal(pair.truth, clean)
    np.testing.assert_array_equal(pair.low, low_exposure(clean, 5.0, np.random.default_rng(0)))
    assert pair.low_psnr == pytest.approx(restoration_score(pair.low, clean).psnr)
    ahead = {
        structure: two_microscopes(Exposed(WINDOW, structure, 5.0)).restored_psnr
        - misaligned(Misaligned(Exposed(WINDOW, structure, 5.0), 0)).psnr
        for structure in ("picture", "filaments")
    }
    assert ahead["picture"] > 2
    assert ahead["filaments"] < -0.5


@pytest.mark.parametrize("shift", [0, 1, 3])
def test_the_fit_learns_the_shift_of_its_pairs(shift):
    learned = misaligned(Misaligned(Exposed(WINDOW, "picture", 20.0), shift))
    assert learned.moved == pytest.approx(shift, abs=0.15)
    assert (learned.target_psnr - learned.psnr > 3) == (shift > 0)
    # the weights laid on the dark image give the answer
    low = low_exposure(practice.image("nuclei").clean, 20.0, np.random.default_rng(0)).astype(float)
    level = np.float32(low.mean())
    laid_on = ndimage.correlate(low - level, learned.weights.astype(float), mode="reflect") + level
    np.testing.assert_allclose(learned.answer, laid_on, rtol=1e-4, atol=0.05)


def test_a_shift_that_varies_is_not_learned_and_blurs():
    straight = misaligned(Misaligned(Exposed(WINDOW, "picture", 20.0), 0))
    varying = misaligned(Misaligned(Exposed(WINDOW, "picture", 20.0), 3, varies=True))
    assert abs(varying.moved) < 0.5

    def sharpness(picture):
        return np.abs(np.diff(picture, axis=1)).max()

    assert sharpness(varying.answer) < 0.8 * sharpness(straight.answer)


def test_what_is_shifted_goes_to_the_right_and_band_by_band_to_the_left():
    image = np.random.default_rng(0).random((70, 20)).astype(np.float32)
    right, both = shifted(image, 2, False), shifted(image, 2, True)
    np.testing.assert_array_equal(right[:, 2:], image[:, :-2])
    np.testing.assert_array_equal(both[:32], right[:32])
    np.testing.assert_array_equal(both[32:64, :-2], image[32:64, 2:])
    np.testing.assert_array_equal(shifted(image, 0, True), image)
