"""Settings of blind spots that make no sense are refused in words that help."""

import pytest

from convivo.errors import BadInput
from convivo.ops.blind_spots import BlindSpot


@pytest.mark.parametrize(
    ("wrong", "problem", "fix"),
    [
        ({"share": 0}, "share 0", "0.05"),
        ({"share": 0.26}, "share 0.26", "0.05"),
        ({"share": float("nan")}, "share nan", "0.05"),
        ({"manipulator": "identity"}, "'identity'", "uniform, uniform_with_centre, median, mean"),
        ({"radius": 0}, "radius 0", "1 to 10"),
        ({"radius": 11}, "radius 11", "1 to 10"),
        ({"radius": 1.5}, "radius 1.5", "whole number"),
        ({"radius": True}, "radius True", "whole number"),
        ({"axes": "C", "reach": 1}, "'C'", "ZYX"),
        ({"axes": "XX", "reach": 1}, "'XX'", "each once"),
        ({"axes": "X"}, "reach 0", "1 to 50"),
        ({"axes": "X", "reach": 51}, "reach 51", "1 to 50"),
        ({"axes": "X", "reach": -2}, "reach -2", "1 to 50"),
        ({"reach": 2}, "reach 2 without axes", '"X"'),
    ],
)
def test_wrong_settings_are_named_with_a_way_out(wrong, problem, fix):
    with pytest.raises(BadInput) as caught:
        BlindSpot(**wrong)
    assert problem in caught.value.problem
    assert fix in caught.value.fix


@pytest.mark.parametrize(
    "right", [{}, {"share": 0.25, "radius": 10}, {"axes": "X", "reach": 50}, {"axes": "XZY", "reach": 1}]
)
def test_the_ends_of_what_is_possible_are_possible(right):
    how = BlindSpot(**right)
    assert all(getattr(how, name) == value for name, value in right.items())
