"""The page's arithmetic of Break it, against numpy and scikit-image."""

import json
import re

import numpy as np
import pytest
from skimage.measure import euler_number, label

from convivo.lab import practice
from convivo.lab.break_it.harm import ALL_BITS, Harm
from convivo.lab.questions.break_it import Asked
from convivo.lab.replies import decoded
from page.node import run_node


def traced(labels):
    paths = run_node(
        "explorables/break-it/outlines.ts", "page.outlines(given.labels)", labels=labels.astype(np.int32)
    )
    return {int(number): path for number, path in paths}


def corners(path):
    """The closed lines of a path of M, h, v and z."""
    for line in path.split("z")[:-1]:
        x, y = map(int, re.match(r"M(\d+) (\d+)", line).groups())
        points = [(x, y)]
        for axis, length in re.findall(r"([hv])(-?\d+)", line):
            x, y = (x + int(length), y) if axis == "h" else (x, y + int(length))
            points.append((x, y))
        assert points[0] == points[-1], "a line that is not closed"
        yield np.array(points)


def area(points):
    x, y = points[:-1].T
    return (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2


@pytest.mark.parametrize("seed", range(3))
def test_outlines_enclose_as_many_pixels_as_an_object_has_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    labels = label(rng.random((23, 31)) < 0.55, connectivity=1) if seed else practice.image("nuclei").labels
    paths = traced(labels)
    assert set(paths) == set(np.unique(labels)) - {0}
    for number, path in paths.items():
        lines = list(corners(path))
        assert sum(map(area, lines)) == np.count_nonzero(labels == number)
        assert len(lines) - 1 == 1 - euler_number(labels == number, connectivity=1)  # one for each hole


def test_a_small_picture_lies_in_the_middle_of_its_frame():
    pixels = np.arange(12, dtype=np.float32).reshape(3, 4)
    framed = run_node("explorables/break-it/framed.ts", "page.framed(given.pixels, 7, 9)", pixels=pixels)
    expected = np.full((7, 9), np.nan)
    expected[2:5, 2:6] = pixels
    values = np.array([np.nan if each is None else each for each in framed["values"]]).reshape(7, 9)
    np.testing.assert_array_equal(values, expected)
    assert (framed["top"], framed["left"]) == (2, 2)


NOTHING = dict.fromkeys(("size", "blur", "background", "dark", "noise", "coarse", "shown"), 0)
NOTHING |= dict.fromkeys(("inverted", "dust", "invert", "subtract", "mask"), False)


def asked(**values):
    found = run_node(
        "explorables/break-it/view.ts",
        "page.askedOf(given.set, {image: 'nuclei', y: -1, x: -1, side: 256})",
        set=NOTHING | values,
    )
    return decoded(json.dumps(found).encode(), Asked)


def test_sliders_at_rest_ask_for_no_harm_and_no_aid():
    found = asked()
    assert found.harm == Harm()
    assert (found.aid.remedies, found.aid.scale) == ((), 1.0)


def test_sliders_ask_for_what_they_say():
    found = asked(size=-4, dark=8, coarse=2, blur=1.5, inverted=True, shown=2, mask=True, invert=True)
    assert found.harm == Harm(size=0.5, photons=64.0, bits=6, blur=1.5, inverted=True)
    assert found.harm.bits < ALL_BITS
    assert found.aid.remedies == ("invert", "brightest")
    assert found.aid.scale == pytest.approx(2**0.5)
