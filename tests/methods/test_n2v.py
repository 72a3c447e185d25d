"""Noise2Void: only what was hidden counts, and a net that copies its input learns nothing from it."""

import numpy as np
import pytest
import torch

from convivo.errors import BadInput
from convivo.methods import n2v
from convivo.ops.blind_spots import BlindSpot

NAN = float("nan")
SETTINGS = n2v.METHOD.settings


def test_the_loss_is_the_mean_squared_error_of_the_hidden_pixels():
    answer = torch.tensor([[[[1.0, 5.0, 2.0]]]])
    assert float(n2v.loss(answer, torch.tensor([[[[3.0, NAN, 1.0]]]]))) == pytest.approx((4 + 1) / 2)
    assert float(n2v.loss(answer, torch.full((1, 1, 1, 3), NAN))) == 0


def test_what_was_not_hidden_teaches_nothing_whatever_the_net_says_there():
    answer = torch.tensor([[[[1.0, 1e30, 2.0]]]], requires_grad=True)
    n2v.loss(answer, torch.tensor([[[[3.0, NAN, NAN]]]])).backward()
    assert answer.grad.flatten().tolist() == [-4, 0, 0]


def test_the_loss_is_computed_in_float32_also_from_half_numbers():
    answer = torch.full((1, 1, 1, 1), 300.0, dtype=torch.bfloat16)
    loss = n2v.loss(answer, torch.zeros(1, 1, 1, 1))
    assert loss.dtype == torch.float32
    assert float(loss) == 300.0**2


def test_an_example_hides_its_share_and_asks_for_what_was_there():
    pixels = np.random.default_rng(0).normal(size=(2, 64, 64)).astype(np.float32)
    shown, wanted = n2v.example(pixels, pixels, SETTINGS, np.random.default_rng(1))
    hidden = np.isfinite(wanted)
    assert hidden.mean() == pytest.approx(SETTINGS["share"], rel=0.15)
    np.testing.assert_array_equal(wanted[hidden], pixels[hidden])
    np.testing.assert_array_equal(shown[~hidden], pixels[~hidden])
    assert (shown[hidden] != pixels[hidden]).all()
    again = n2v.example(pixels, pixels, SETTINGS, np.random.default_rng(1))
    np.testing.assert_array_equal(again[0], shown)


def test_settings_of_a_card_become_a_rule():
    assert n2v.rule(SETTINGS) == BlindSpot(**SETTINGS)
    assert n2v.rule({"share": 0.02, "manipulator": "median", "radius": 3.0, "axes": "X", "reach": 4}) == (
        BlindSpot(share=0.02, manipulator="median", radius=3, axes="X", reach=4)
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"width": 3}, "Noise2Void has no setting 'width'"),
        ({"radius": 2.5}, "radius of Noise2Void is 2.5"),
        ({"share": 0.9}, "share 0.9"),
        ({"manipulator": "magic"}, "by 'magic'"),
        ({"reach": 3}, "reach 3 without axes"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings, words):
    with pytest.raises(BadInput, match=words):
        n2v.rule(settings)
