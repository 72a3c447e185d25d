"""Objects that stand alone, counted as the scores count them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.ops.scores import Pair, match, matched_pairs
from convivo.report.unmatched import unmatched


def test_missed_and_invented_are_those_without_a_partner():
    truth, labels = np.array([[1, 1, 0, 2, 0]]), np.array([[7, 7, 0, 0, 9]])
    alone = unmatched(labels, truth, (Pair(1, 7, 1.0),))
    assert alone.missed.tolist() == [2]
    assert alone.invented.tolist() == [9]
    assert alone.unjudged.tolist() == []


def test_what_lies_mostly_in_unknown_truth_is_not_judged():
    truth, labels = np.array([[-1, -1, 0, -1, 0, 0]]), np.array([[4, 4, 4, 5, 5, 5]])
    alone = unmatched(labels, truth, ())
    assert alone.unjudged.tolist() == [4]
    assert alone.invented.tolist() == [5]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_counts_equal_those_of_the_scores(seed):
    rng = np.random.default_rng(seed)
    truth, labels = rng.integers(-1, 4, (4, 5)), rng.integers(0, 5, (4, 5))
    labels = np.where(rng.random((4, 5)) < 0.5, np.maximum(truth, 0), labels)
    scores, alone = match(truth, labels), unmatched(labels, truth, matched_pairs(truth, labels))
    assert (len(alone.missed), len(alone.invented)) == (scores.false_negatives, scores.false_positives)
