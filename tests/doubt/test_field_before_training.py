"""Objects are held against what the net sees, and the advice makes it see them."""

import numpy as np
import pytest

from convivo.doubt import DataSet, Level
from convivo.doubt.checks import field_before_training as check
from convivo.model import Model
from convivo.types import Annotated, Image, Restorable


def bars(length, *, width=8, count=4, channels=1):
    """Objects so many pixels long."""
    mask = np.zeros((20 * count, length + 20), int)
    for number in range(count):
        mask[20 * number + 5 : 20 * number + 5 + width, 10 : 10 + length] = 3 * number + 1
    picture = Image(np.zeros((channels, *mask.shape), np.uint8), "CYX", f"bars of {length}")
    return Annotated(picture, mask, picture.name)


def asked(*data, **more):
    return list(check.ask(DataSet(data=data, **more)))


@pytest.mark.parametrize(("length", "level"), [(30, "fine"), (70, "note"), (120, "warn"), (260, "stop")])
def test_the_longest_objects_decide(length, level):
    (found,) = asked(bars(length))
    assert (found.id, found.level, found.measured, found.expected) == ("field", level, length, (0.0, 100.0))
    assert f"{length} pixels long" in found.evidence


@pytest.mark.parametrize(
    ("method", "length", "option", "size"),
    [
        ("unet", 80, "--depth 4;", {"depth": 4}),
        ("unet", 150, "--depth 5;", {"depth": 5}),
        ("stardist", 150, "--grid 4;", {"grid": (4, 4)}),
    ],
)
def test_the_advised_option_makes_it_fine(method, length, option, size):
    (found,) = asked(bars(length), method=method)
    assert f"convivo train {method} DATA --out MODEL {option}" in found.advice
    data = DataSet(data=[bars(length)], method=method)
    assert (
        check.of_large(data, check.extents_of(bars(length)), check.net_of(data, **size)).level is Level.fine
    )


def test_a_scale_that_fits_is_advised_where_no_depth_does():
    (found,) = asked(bars(900))
    assert "0.03125 times" in found.advice
    assert 900 * 0.03125 < 50 <= 900 * 0.0625


def test_a_model_is_asked_itself():
    model = Model.new("unet", [bars(30)], name="shallow", filters=4, depth=1)
    (found,) = asked(bars(30), model=model)
    assert (found.level, found.expected) == (Level.warn, (0.0, 18.0))
    assert "'shallow'" in found.evidence
    assert "predict with --scale 0.25" in found.advice


def test_objects_below_the_grid_are_told():
    small, fine = asked(bars(12, width=3), method="stardist")[::-1]
    assert (small.level, fine.level) == (Level.warn, Level.fine)
    assert "--grid 1" in small.advice
    assert [found.level for found in asked(bars(12, width=1))] == [
        Level.fine
    ]  # a U-Net answers for every pixel


def test_single_odd_objects_decide_nothing():
    (found,) = asked(*[bars(20, count=10)] * 10, bars(300, count=3))
    assert (found.level, found.measured) == (Level.fine, 20)
    assert "2.9% of 103 objects are larger" in found.evidence
    (found,) = asked(*[bars(20, count=10)] * 3, bars(300, count=3))
    assert found.level is Level.stop


def test_images_that_no_net_takes_together_stop():
    (found,) = asked(bars(30), bars(31, channels=2))
    assert found.level is Level.stop
    assert "number of channels differs" in found.evidence


def test_nothing_is_said_where_nothing_is_annotated():
    image = Image(np.zeros((1, 40, 40), np.uint8), "CYX", "dark")
    assert asked(Restorable(image, None, "a"), method="n2v") == []
    assert asked(Annotated(image, np.zeros((40, 40), int), "a")) == []
    assert asked() == []


def test_stacks_have_a_field_along_each_axis():
    mask = np.ones((6, 40, 40), int)
    stack = Annotated(Image(np.zeros((1, *mask.shape), np.uint8), "CZYX", "stack"), mask, "a")
    (found,) = asked(stack)
    assert found.measured in (6.0, 40.0)
