"""How far traits lie from what is usual."""

import numpy as np
import pytest

from convivo.ops.deviations import MOST, deviations, typical


def known(count=400, seed=0):
    rng = np.random.default_rng(seed)
    return typical([{"size": float(value)} for value in rng.normal(10, 2, count)])


def test_the_middle_does_not_deviate():
    usual = known()["size"]
    assert usual.low < usual.middle < usual.high
    assert deviations({"size": usual.middle}, known()) == {"size": 0}
    assert usual.beyond(usual.middle) == 0


def test_deviations_are_in_spreads_and_have_a_sign():
    usual = known()["size"]
    assert usual.spread == pytest.approx(2 * 1.28 * 2, rel=0.1)
    assert deviations({"size": usual.middle + usual.spread}, known())["size"] == pytest.approx(1)
    assert deviations({"size": usual.middle - 2 * usual.spread}, known())["size"] == pytest.approx(-2)


def test_a_limit_is_where_nothing_known_lies_beyond():
    usual = known()["size"]
    assert usual.beyond(usual.high) == pytest.approx(1)
    assert usual.beyond(usual.low) == pytest.approx(1)


def test_nothing_gets_worse_beyond_what_is_known():
    assert deviations({"size": 1e9}, known())["size"] == MOST
    assert deviations({"size": -1e9}, known())["size"] == -MOST


def test_few_images_have_wider_limits():
    few = typical([{"size": value} for value in (8.0, 9.0, 10.0, 11.0, 12.0)])["size"]
    many = typical([{"size": value} for value in (8.0, 9.0, 10.0, 11.0, 12.0) * 100])["size"]
    assert few.low < many.low < 10 < many.high < few.high


def test_hardly_one_known_image_in_a_hundred_lies_outside():
    rng = np.random.default_rng(1)
    usual = known()["size"]
    assert np.mean([usual.beyond(value) > 1 for value in rng.normal(10, 2, 4000)]) < 0.02


def test_what_never_varied_is_told_apart_all_the_same():
    usual = typical([{"nothing_found": 0.0}] * 9)["nothing_found"]
    assert usual.deviation(1.0) == MOST
    assert usual.beyond(1.0) > 1


def test_what_too_few_images_have_is_not_typical():
    assert typical([{"size": 1.0}] * 4 + [{"other": 2.0}] * 5).keys() == {"other"}


def test_a_trait_that_nobody_knows_does_not_deviate():
    assert deviations({"colour": 3.0}, known()) == {}
