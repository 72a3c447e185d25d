"""How far traits lie from what is usual."""

import numpy as np
import pytest

from convivo.ops.deviations import MOST, deviations, typical


def known(count=400, seed=0):
    rng = np.random.default_rng(seed)
    return typical([{"size": float(value)} for value in rng.normal(10, 2, count)])


def test_the_middle_does_not_deviate():
    (low, middle, high) = known()["size"]
    assert low < middle < high
    found = deviations({"size": middle}, known())
    assert found == {"size+": 0, "size-": 0}


def test_a_limit_is_one_on_its_side_alone():
    low, _, high = known()["size"]
    assert deviations({"size": high}, known()) == {"size+": pytest.approx(1), "size-": 0}
    assert deviations({"size": low}, known()) == {"size+": 0, "size-": pytest.approx(1)}


def test_nothing_gets_worse_beyond_what_is_known():
    assert deviations({"size": 1e9}, known())["size+"] == MOST


def test_few_images_have_wider_limits():
    few = typical([{"size": value} for value in (8.0, 9.0, 10.0, 11.0, 12.0)])["size"]
    many = typical([{"size": value} for value in (8.0, 9.0, 10.0, 11.0, 12.0) * 100])["size"]
    assert few[0] < many[0] < 10 < many[2] < few[2]


def test_hardly_one_known_image_in_a_hundred_lies_outside():
    rng = np.random.default_rng(1)
    found = known()
    outside = [max(deviations({"size": value}, found).values()) > 1 for value in rng.normal(10, 2, 4000)]
    assert np.mean(outside) < 0.02


def test_what_too_few_images_have_is_not_typical():
    assert typical([{"size": 1.0}] * 4 + [{"other": 2.0}] * 5).keys() == {"other"}


def test_a_trait_that_nobody_knows_does_not_deviate():
    assert deviations({"colour": 3.0}, known()) == {}
