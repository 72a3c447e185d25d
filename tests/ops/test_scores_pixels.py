"""Dice and IoU per class, against sets of pixels and pictures whose answer one can count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convivo.errors import BadInput
from convivo.ops.scores import PixelScore, pixel_scores
from convivo.types import AnyArray


def test_a_drawn_picture_has_the_scores_one_can_count() -> None:
    truth = np.array([[0, 0, 1, 1], [0, 0, 1, 2]])
    predicted = np.array([[0, 0, 0, 1], [0, 0, 1, 1]])
    background, inside, border = pixel_scores(truth, predicted, 3)
    assert (background.dice, background.iou) == (8 / 9, 4 / 5)
    assert (inside.dice, inside.iou) == (4 / 6, 2 / 4)
    assert (border.dice, border.iou) == (0.0, 0.0)


@settings(max_examples=60, deadline=None)
@given(arrays(np.int8, (2, 4, 5), elements=st.integers(-1, 3)))
def test_counts_are_those_of_pixel_sets(maps: AnyArray) -> None:
    truth, predicted = maps[0], np.maximum(maps[1], 0)
    known = {*zip(*np.nonzero(truth >= 0), strict=True)}
    for number, score in enumerate(pixel_scores(truth, predicted, 4)):
        true, said = (
            {*zip(*np.nonzero(image == number), strict=True)} & known for image in (truth, predicted)
        )
        assert score == PixelScore(len(true & said), len(true), len(said))


def test_unknown_pixels_are_left_out_whatever_was_predicted_there() -> None:
    truth = np.array([[0, 1, np.nan, np.nan]], np.float32)
    for there in (0, 1, 7, np.nan):
        predicted = np.array([[0, 1, there, there]], np.float32)
        assert pixel_scores(truth, predicted, 2) == (PixelScore(1, 1, 1), PixelScore(1, 1, 1))


def test_a_class_that_neither_map_holds_scores_one() -> None:
    nowhere = pixel_scores(np.zeros((2, 2), int), np.zeros((2, 2), int), 2)[1]
    assert (nowhere.dice, nowhere.iou) == (1.0, 1.0)
    assert pixel_scores(np.full((2, 2), np.nan), np.zeros((2, 2)), 1)[0].dice == 1.0


@pytest.mark.parametrize("wrong", [3, -1, 0.5, np.nan, np.inf])
def test_a_predicted_value_that_is_no_class_is_named(wrong: float) -> None:
    with pytest.raises(BadInput, match=f"prediction holds the value {wrong}.*0 to 2"):
        pixel_scores(np.zeros((1, 2)), np.array([[0, wrong]]), 3)


def test_a_true_value_that_is_no_class_is_named() -> None:
    with pytest.raises(BadInput, match="truth holds the value 255"):
        pixel_scores(np.array([[0, 255]], np.uint8), np.array([[0, 1]]), 2)


def test_shapes_that_differ_are_both_named() -> None:
    with pytest.raises(BadInput, match=r"\(2, 3\).*\(3, 2\)"):
        pixel_scores(np.zeros((2, 3)), np.zeros((3, 2)), 2)


def test_no_class_at_all_is_refused() -> None:
    with pytest.raises(BadInput, match="0 classes"):
        pixel_scores(np.zeros((1, 1)), np.zeros((1, 1)), 0)
