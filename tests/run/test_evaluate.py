"""Stacks that were numbered page by page are matched page by page; volumes are matched whole."""

from dataclasses import astuple

import numpy as np
import pytest

from convivo.ops.scores import match_many, pixel_scores, pooled, pooled_pixels
from convivo.run.evaluate import IOUS, apart, evaluate, judged_pages, pages_of, score_image
from convivo.run.predict import Predictor
from convivo.types import Annotated, Image


def blobs(seed, pages=4):
    """Pages of squares, numbered from 1 on each page, at other places and in other numbers."""
    random = np.random.default_rng(seed)
    stack = np.zeros((pages, 40, 40), np.uint16)
    for page in stack:
        corners = random.permutation(16)[: random.integers(2, 9)]
        for number, corner in enumerate(corners, start=1):
            row, column = 10 * (corner // 4), 10 * (corner % 4)
            page[row : row + 6, column : column + 6] = number
    return stack


@pytest.mark.parametrize("seed", range(4))
def test_a_stack_scores_as_its_pages_pooled(seed):
    truth, labels = blobs(seed).astype(np.int32), np.roll(blobs(seed), seed, axis=-1)
    truth[1, :20, :20] = -1
    score = score_image("stack", truth, labels, "Z")
    single = [match_many(*page, IOUS) for page in zip(truth, labels, strict=True)]
    for matching, column in zip(score.matchings, zip(*single, strict=True), strict=True):
        assert astuple(matching) == pytest.approx(astuple(pooled(column)))
    foreground = [
        pixel_scores(np.sign(one), np.sign(other), 2)[1] for one, other in zip(truth, labels, strict=True)
    ]
    assert score.foreground == pooled_pixels(foreground)


def test_a_perfect_film_of_stacks_scores_one_whatever_the_numbers_are():
    truth = blobs(0, 6).reshape(2, 3, 40, 40)
    labels = np.where(truth > 0, 12 - truth.astype(int), 0)
    first = score_image("film", truth, labels, "TZ").matchings[0]
    assert first.accuracy == 1
    assert first.true_positives == sum(int(page.max()) for stack in truth for page in stack)


def test_without_pages_a_volume_is_one_object_through_its_planes():
    volume = np.zeros((5, 20, 20), int)
    volume[:, 3:9, 3:9] = 1
    assert score_image("volume", volume, volume).matchings[0].true_positives == 1
    assert score_image("pages", volume, volume, "Z").matchings[0].true_positives == 5


def test_numbers_of_pages_are_told_apart_and_unknown_stays_unknown():
    labels = np.array([[[1, 2, -1]], [[0, 0, 0]], [[1, 0, 2]]], np.int16)
    assert apart(labels, "Z").tolist() == [[[1, 2, -1]], [[0, 0, 0]], [[3, 0, 4]]]
    assert apart(labels, "") is labels


def test_time_is_pages_and_depth_where_planes_were_numbered_one_by_one():
    volume = np.zeros((3, 20, 20), int)
    volume[:, 3:9, 3:9], volume[1:, 12:18, 3:9] = 1, 2
    assert pages_of("ZYX", volume, volume) == ""
    assert pages_of("ZYX", volume, blobs(0)) == "Z"
    assert pages_of("TYX", blobs(0)) == "T"
    assert pages_of("TZYX", np.stack([volume] * 2)) == "T"
    assert pages_of("TZYX", np.stack([blobs(0), blobs(1)])) == "TZ"
    assert pages_of("YX", volume[0]) == ""


def test_a_flat_model_is_scored_page_by_page_on_a_stack(trained, data):
    image = Image(np.stack([each.image.array for each in data[:3]], axis=1), "CZYX", "stack")
    stack = Annotated(image, np.stack([each.labels for each in data[:3]]), "stack")
    predictor = Predictor(trained)
    ((whole, _),) = evaluate(predictor, [stack])
    alone = [score.matchings[0] for score, _ in evaluate(predictor, data[:3])]
    assert astuple(whole.matchings[0]) == pytest.approx(astuple(pooled(alone)))
    assert whole.matchings[0].accuracy > 0.3


def test_objects_of_each_page_are_judged_by_their_own_probabilities():
    stack = blobs(0, pages=2)
    known = {
        ((page,), number): (page + 1) / 10 for page in (0, 1) for number in range(1, stack[page].max() + 1)
    }
    first, second = judged_pages(stack.astype(int), stack, "T", known)
    assert set(first.said) == {0.1}
    assert set(second.said) == {0.2}
    assert first.right.all()
    known.pop(((1,), 1))
    assert judged_pages(stack.astype(int), stack, "T", known) == ()
