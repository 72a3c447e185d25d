"""Costs of deviations are learned from images whose accuracy is known, and add up to what is lost."""

import numpy as np
import pytest

from convivo.ops.expectation import Expectation, learned


def images(count=300, seed=0):
    """Accuracy 0.8, less 30 % for each unit of `blur+` and 10 % of `dim-`; `size+` costs nothing."""
    rng = np.random.default_rng(seed)
    found = [
        {"blur+": rng.uniform(0, 1.5), "dim-": rng.uniform(0, 2), "size+": rng.uniform(0, 3)}
        for _ in range(count)
    ]
    lost = [0.3 * each["blur+"] + 0.1 * each["dim-"] for each in found]
    return found, [0.8 * (1 - share) for share in lost]


def names(found):
    return [str(number) for number in range(len(found))]


def test_costs_are_found():
    found, accuracies = images()
    known = learned(found, accuracies, ["a"] * len(found), names(found), 0.8)
    assert known.costs["blur+"] == pytest.approx(0.3, rel=0.05)
    assert known.costs["dim-"] == pytest.approx(0.1, rel=0.1)
    assert known.costs.get("size+", 0) < 0.01
    assert known.accuracy({"blur+": 1.0}) == pytest.approx(0.56, rel=0.05)


def test_no_deviation_makes_an_image_better():
    found, accuracies = images()
    upside_down = learned(found, [0.8 - value for value in accuracies], ["a"] * len(found), names(found), 0.8)
    assert all(cost > 0 for cost in upside_down.costs.values())
    assert upside_down.accuracy({"blur+": 3.0}) <= upside_down.accuracy({})


def test_the_largest_share_is_named():
    known = Expectation(best=0.8, costs={"blur+": 0.3, "dim-": 0.1})
    assert known.losses({"blur+": 1.0, "dim-": 0.5, "other+": 2.0}) == {"blur+": 0.3, "dim-": 0.05}


def test_nobody_scores_below_nothing():
    known = Expectation(best=0.8, costs={"blur+": 0.9})
    assert known.lost({"blur+": 3.0}) == 1
    assert known.accuracy({"blur+": 3.0}) == 0


def test_all_but_a_few_good_images_stay_below_the_limit():
    found, accuracies = images(4000)
    known = learned(found, accuracies, ["a"] * len(found), names(found), 0.8)
    good = [each for each, value in zip(found, accuracies, strict=True) if value >= 0.72]
    alarmed = np.mean([known.lost(each) > known.limit for each in good])
    assert 0 < alarmed < 0.05


def test_a_kind_with_many_images_does_not_drown_the_others():
    """A trait does no harm to the many and ruins the few: nobody knows which of both comes next."""
    found = [{"blur+": 1.0}] * 909 + [{"blur+": 0.0}] * 20
    kinds = ["many"] * 900 + ["few"] * 9 + ["plain"] * 20
    known = learned(found, [0.8] * 900 + [0.0] * 9 + [0.8] * 20, kinds, names(found), 0.8)
    assert known.lost({"blur+": 1.0}) > 0.3


def test_the_limit_is_measured_on_images_that_taught_no_cost():
    """Each image has an oddity of its own that seems to explain its little loss: nobody else has it."""
    found = [{f"odd{number}+": 1.0} for number in range(20)]
    known = learned(found, 0.8 * (1 - np.linspace(0, 0.1, 20)), ["a"] * 20, names(found), 0.8)
    assert known.costs
    assert known.limit == pytest.approx(known.floor, abs=0.012)
