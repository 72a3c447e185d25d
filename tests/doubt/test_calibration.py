"""A probability that misleads is told; one that is off is noted; chance raises no doubt."""

import numpy as np

from convivo.doubt import Level
from convivo.doubt.checks.calibration import CHECK, ask
from convivo.ops.scores import Judged


def image(*bins):
    """Objects as (probability, how many, how many of them are right)."""
    said = np.concatenate([np.full(count, probability) for probability, count, _ in bins])
    right = np.concatenate([np.arange(count) < hits for _, count, hits in bins])
    return Judged(said, right)


def test_as_right_as_they_say_is_fine():
    (found,) = ask([image((0.75, 400, 300), (0.95, 400, 380))])
    assert (found.id, found.level, found.advice) == (CHECK.id, Level.fine, "")
    assert found.doubt < 1e-9
    assert found.measured < found.expected[1]


def test_objects_that_are_mostly_wrong_mislead():
    (found,) = ask([image((0.55, 20, 1), (0.75, 60, 6), (0.95, 2000, 1900))])
    assert found.level is Level.warn
    assert "given 0.5 to 0.8 are right in 9% of cases (80 of 2,080)" in found.evidence
    assert "below 0.8" in found.advice


def test_few_wrong_ones_are_chance_and_below_one_half_nobody_bets():
    (few,) = ask([image((0.55, 3, 1), (0.95, 2000, 1900))])
    assert few.level is Level.fine
    (low,) = ask([image((0.45, 80, 4), (0.95, 2000, 1900))])
    assert low.level is Level.note


def test_modesty_and_boasting_are_noted_in_their_own_words():
    (modest,) = ask([image((0.85, 500, 495))])
    (boasting,) = ask([image((0.85, 500, 350))])
    assert (modest.level, boasting.level) == (Level.note, Level.note)
    assert "right in 99% of cases" in modest.evidence
    (many,) = ask([image((0.25, 1, 1), (0.85, 500, 495))])
    assert "(500 of 501)" in many.evidence
    assert "more often right" in modest.advice
    assert "less often right" in boasting.advice


def test_nothing_is_said_where_nothing_was_found():
    assert list(ask([])) == []
    assert list(ask([image((0.5, 0, 0))])) == []
