"""What is expected of an image is what images like it got; of one that is like none, nothing."""

import numpy as np
import pytest

from convivo.ops.expectation import Expectation, experienced, learned

NAMES = ("blur", "dim", "size")
BEST = 0.8


def images(count=300, seed=0):
    """Accuracy 0.8, less 20 % for each spread of `blur` above 0 and 10 % of `dim`; `size` costs nothing."""
    rng = np.random.default_rng(seed)
    found = [
        {"blur": rng.uniform(-1, 3), "dim": rng.uniform(-1, 3), "size": rng.uniform(-2, 2)}
        for _ in range(count)
    ]
    lost = [0.2 * max(0, each["blur"]) + 0.1 * max(0, each["dim"]) for each in found]
    return found, [BEST * (1 - share) for share in lost]


def told(found, accuracies, images=None, traits=NAMES):
    experience = experienced(found, NAMES)
    names = images or [str(number) for number in range(len(found))]
    return learned(experience, traits, accuracies, names, BEST), experience


def test_images_that_look_alike_are_expected_to_score_alike():
    known, experience = told(*images())
    for deviations, lost in (
        ({}, 0.0),
        ({"blur": 2.0}, 0.4),
        ({"dim": 2.0}, 0.2),
        ({"blur": 2.0, "dim": 2.0}, 0.6),
        ({"size": 1.5}, 0.0),
    ):
        assert known.lost(deviations, experience) == pytest.approx(lost, abs=0.08)


def test_of_what_was_never_tried_nothing_is_believed():
    known, experience = told(*images())
    assert known.lost({"blur": 0.0, "dim": -4.0, "size": 4.0}, experience) > 0.9


def test_what_two_together_cost_is_known():
    """Each is harmless alone; a sum of costs could not say so."""
    rng = np.random.default_rng(0)
    found = [{"blur": rng.choice([0.0, 3.0]), "dim": rng.choice([0.0, 3.0])} for _ in range(200)]
    accuracies = [0.0 if each["blur"] and each["dim"] else BEST for each in found]
    known, experience = told(found, accuracies)
    assert known.lost({"blur": 3.0}, experience) < 0.1
    assert known.lost({"dim": 3.0}, experience) < 0.1
    assert known.lost({"blur": 3.0, "dim": 3.0}, experience) > 0.9


def test_shares_say_what_it_is_due_to():
    known, experience = told(*images())
    here = {"blur": 2.0, "dim": 1.0, "size": 1.0}
    blur, dim, size = (known.share(here, experience, {name}) for name in NAMES)
    assert blur == pytest.approx(0.4, abs=0.1)
    assert dim == pytest.approx(0.1, abs=0.08)
    assert size == pytest.approx(0.0, abs=0.05)
    assert known.share({}, experience, {"blur"}) == 0


def test_reasons_that_are_each_enough_share_the_blame_and_those_that_need_each_other_too():
    rng = np.random.default_rng(0)
    found = [{"blur": rng.choice([0.0, 3.0]), "dim": rng.choice([0.0, 3.0])} for _ in range(200)]
    either, experience = told(found, [0.0 if each["blur"] or each["dim"] else BEST for each in found])
    both, _ = told(found, [0.0 if each["blur"] and each["dim"] else BEST for each in found])
    here = {"blur": 3.0, "dim": 3.0}
    assert min(either.share(here, experience, {name}) for name in here) > 0.8
    assert min(both.share(here, experience, {name}) for name in here) > 0.8


def test_traits_that_do_not_count_are_not_looked_at():
    known, experience = told(*images(), traits=("blur", "size"))
    assert known.lost({"blur": 1.0, "dim": 4.0}, experience) == known.lost({"blur": 1.0}, experience)


def test_all_but_a_few_good_images_stay_below_the_limit():
    found, accuracies = images(600)
    known, experience = told(found, accuracies)
    fresh, scores = images(600, seed=1)
    good = [each for each, value in zip(fresh, scores, strict=True) if value >= 0.9 * BEST]
    alarmed = np.mean([known.lost(each, experience) > known.limit for each in good])
    assert 0 < alarmed < 0.1


def test_the_limit_is_measured_on_images_of_which_nothing_was_known():
    """Altered copies of one image are alike in a way that explains them, and no other image has it."""
    rng = np.random.default_rng(0)
    whose = rng.integers(0, 20, 200)
    oddity = rng.uniform(-3, 3, 20)
    found = [{"size": float(oddity[number])} for number in whose]
    accuracies = [BEST * (1 - 0.09 * (number % 2)) for number in whose]
    strangers, _ = told(found, accuracies, images=[str(number) for number in whose])
    friends, _ = told(found, accuracies, images=[str(number) for number in range(200)])
    assert strangers.limit > friends.limit


def test_of_few_images_what_is_good_is_no_alarm():
    found, accuracies = images(12)
    known, _ = told(found, [BEST] * 12, images=["one", "two", "three"] * 4)
    assert known.limit >= 0.1


def test_doubt_is_one_at_the_limit_and_two_where_half_is_lost():
    known = Expectation(best=BEST, names=NAMES, weights=(), limit=0.1)
    assert [round(known.doubt(lost), 6) for lost in (0, 0.05, 0.1, 0.3, 0.5, 0.9)] == [0, 0.5, 1, 1.5, 2, 3]
    lenient = Expectation(best=BEST, names=NAMES, weights=(), limit=0.5)
    assert lenient.doubt(0.5) == 1
    assert lenient.doubt(0.75) == 2
