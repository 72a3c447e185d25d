"""Merged and divided objects, on label images small enough to be seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convivo.ops.scores import match, mistakes


def drawn(*rows):
    return np.array([[int(digit) for digit in row] for row in rows])


def told(truth, labels, iou=0.5):
    found = mistakes(truth, labels, iou)
    return [getattr(found, name).tolist() for name in ("missed", "invented", "merged", "divided")]


def test_a_perfect_answer_has_no_mistakes_whatever_the_numbers_are():
    truth = drawn("1100220", "1100220")
    assert told(truth, np.where(truth > 0, 9 - truth, 0)) == [[], [], [], []]


def test_two_found_as_one_are_missed_and_the_one_is_invented_and_merged():
    truth, labels = drawn("1111022220"), drawn("7777777770")
    assert told(truth, labels) == [[1, 2], [7], [7], []]


def test_the_larger_of_two_may_match_what_swallows_both():
    truth, labels = drawn("1111111022"), drawn("7777777777")
    assert told(truth, labels) == [[2], [], [7], []]


def test_one_found_as_two_is_divided():
    truth, labels = drawn("11111111"), drawn("33334444")
    assert told(truth, labels, 0.6) == [[1], [3, 4], [], [1]]


def test_a_crumb_inside_a_match_divides_it_too():
    truth, labels = drawn("11111111"), drawn("33333334")
    assert told(truth, labels) == [[], [4], [], [1]]


def test_half_is_not_covered():
    assert told(drawn("1122"), drawn("0770"))[2:] == [[], []]
    assert told(drawn("111222"), drawn("077770"))[2:] == [[7], []]


def test_one_true_object_swallowed_is_no_merge():
    assert told(drawn("0110"), drawn("7777"), 0.6) == [[1], [7], [], []]


def test_what_lies_in_the_unknown_is_not_judged():
    truth = drawn("1111100000")
    truth[:, 5:] = -1
    labels = drawn("3333444444")
    assert told(truth, labels) == [[], [], [], []]


def test_nothing_there_and_nothing_found():
    empty = np.zeros((3, 4), int)
    assert told(empty, empty) == [[], [], [], []]
    assert told(empty, empty + 5) == [[], [5], [], []]


small = arrays(np.int8, (6, 7), elements=st.integers(-1, 4))


@given(truth=small, labels=small, iou=st.sampled_from([0.3, 0.5, 0.7]))
def test_the_counts_are_those_of_match_and_of_a_slow_count(truth, labels, iou):
    labels = np.maximum(labels, 0)
    found, matching = mistakes(truth, labels, iou), match(truth, labels, iou)
    assert len(found.missed) == matching.false_negatives
    assert len(found.invented) == matching.false_positives
    merged = [n for n in ids(labels) if sum(covers(labels == n, truth == m) for m in ids(truth)) > 1]
    pieces = [n for n in ids(labels) if 2 * (truth[labels == n] < 0).sum() <= (labels == n).sum()]
    known = truth >= 0
    divided = [m for m in ids(truth) if sum(covers(truth == m, (labels == n) & known) for n in pieces) > 1]
    assert (found.merged.tolist(), found.divided.tolist()) == (merged, divided)


def ids(labels):
    return [int(number) for number in np.unique(labels) if number > 0]


def covers(whole, part):
    return 2 * (whole & part).sum() > part.sum()


@pytest.mark.parametrize("shape", [(4, 5, 6), (0, 0)])
def test_volumes_and_empty_images(shape):
    labels = np.zeros(shape, np.uint16)
    labels[..., 1:3] = 1
    assert told(labels, labels) == [[], [], [], []]
