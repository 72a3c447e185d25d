"""How an image is scaled for the net, and how what the net restores is brought back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.ops.normalisation import Normalisation, Scale, normalise, scale_of

numbers = st.floats(-1e4, 1e4)
widths = st.floats(0.01, 1e4)


@given(channels=st.lists(st.tuples(numbers, widths), min_size=1, max_size=3), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_undone_is_what_it_was(channels, seed):
    dark, width = map(tuple, zip(*channels, strict=True))
    shown = np.random.default_rng(seed).uniform(-1, 2, (len(dark), 6, 7)).astype(np.float32)
    scale = Scale(dark, width)
    pixels = scale.undo(shown)
    assert pixels.dtype == np.float32
    for before, after, low, span in zip(shown, scale.apply(pixels), dark, width, strict=True):
        np.testing.assert_allclose(after, before, atol=1e-6 * (abs(low) + span) / span + 1e-6)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32])
def test_a_percentile_scale_leads_there_and_back_for_every_type(dtype):
    pixels = np.random.default_rng(0).integers(3, 120, (2, 30, 40)).astype(dtype)
    scale = scale_of(pixels, Normalisation())
    shown = scale.apply(pixels)
    np.testing.assert_array_equal(shown, normalise(pixels, Normalisation()))
    np.testing.assert_allclose(scale.undo(shown), pixels, rtol=1e-5)


def test_mean_and_spread_are_used_for_each_image_alike():
    how = Normalisation(mean=(100.0, 7.0), spread=(20.0, 2.0))
    image = np.array([[[100, 140]], [[5, 9]]], np.uint16)
    for pixels in (image, np.concatenate([image, image + 1000], axis=2)):  # whatever else is on the image
        np.testing.assert_array_equal(normalise(pixels, how)[..., :2], [[[0, 2]], [[-1, 1]]])
    assert scale_of(image, how) == Scale((100.0, 7.0), (20.0, 2.0))


def test_a_difference_has_no_dark_value():
    scale = Scale((100.0, 10.0), (4.0, 2.0))
    ones = np.ones((2, 1, 1), np.float32)
    assert scale.undo(ones).ravel().tolist() == [104, 12]
    assert scale.undo_difference(ones).ravel().tolist() == [4, 2]


def test_a_channel_that_the_image_did_not_have_takes_the_last_ones_scale():
    assert Scale((5.0,), (2.0,)).undo(np.ones((3, 1, 1), np.float32)).ravel().tolist() == [7, 7, 7]


@pytest.mark.parametrize(
    "numbers",
    [
        {"mean": (1.0,)},
        {"spread": (1.0,)},
        {"mean": (1.0, 2.0), "spread": (1.0,)},
        {"mean": (1.0,), "spread": (0.0,)},
        {"mean": (1.0,), "spread": (-2.0,)},
        {"mean": (1.0,), "spread": (float("inf"),)},
        {"mean": (1.0,), "spread": (float("nan"),)},
        {"mean": (float("nan"),), "spread": (1.0,)},
    ],
)
def test_numbers_that_scale_nothing_are_refused(numbers):
    with pytest.raises(BadInput, match="do not scale an image"):
        Normalisation(**numbers)


def test_the_scale_of_some_channels_is_that_of_those():
    assert Scale((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)).of((2, 0, 0)) == Scale((3.0, 1.0, 1.0), (6.0, 4.0, 4.0))
