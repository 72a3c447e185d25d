"""Verdicts follow from numbers, names stand apart, marks lie on the objects they speak of."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from convivo.ops.scores import Matching, mistakes
from convivo.report.accuracy_curves import AccuracyLine, accuracy_curves, spaced
from convivo.report.mistake_pictures import DIVIDED, MERGED, WINDOW, pictures_of, window
from convivo.report.verdicts import LEVEL, verdict
from convivo.run.compare import Answer, Asked, Outcome
from convivo.run.evaluate import ScoreRow, score_image
from convivo.types import Annotated, Image


def outcome(name, right, wrong, strict, *, fit=0.9, merged=0, divided=0):
    """So many of 100 right at IoU 0.5 and at 0.9; what is wrong is missed and invented alike."""
    rows = (
        Matching(0.5, right, wrong, 100 - right, right * fit),
        Matching(0.9, strict, 100, 0, strict * 0.95),
    )
    return Outcome(name, tuple(ScoreRow(row) for row in rows), merged, divided)


def told(outcomes):
    return " ".join(verdict(outcomes))


def test_who_merges_more_is_told_so_with_what_it_costs():
    words = told([outcome("A", 95, 0, 30), outcome("B", 75, 10, 10, fit=0.8, merged=10)])
    assert (
        "At IoU 0.5 A (0.95) leads. B loses 0.27: 10 more merged (in all 20 more missed and 10 more invented)."
        in words
    )
    assert "At IoU 0.9 A (0.23) leads" in words
    assert "B outlines worst (mean IoU 0.80), A best (0.90)" in words


def test_a_cause_that_the_best_shares_is_not_told():
    words = told([outcome("A", 95, 0, 30, divided=9), outcome("B", 85, 0, 30, divided=10)])
    assert "B loses 0.10: 10 more missed." in words
    assert "divided" not in words


def test_small_differences_are_none():
    words = told([outcome("A", 95, 0, 30), outcome("B", 94, 0, 30), outcome("C", 95, 0, 30)])
    assert words == "At IoU 0.5 all are level (0.94 to 0.95). At IoU 0.9 all are level (0.23)."


def test_a_difference_of_just_the_limit_is_none():
    words = told([outcome("A", 92, 0, 30), outcome("B", 90, 0, 30)])
    assert LEVEL < 0.92 - 0.90  # by rounding alone
    assert words.startswith("At IoU 0.5 all are level (0.90 to 0.92).")


def test_one_contender_has_nobody_to_lose_against():
    words = told([outcome("A", 95, 2, 30)])
    assert words == "A, of 100 objects: 5 missed, 2 invented, 0 merged, 0 divided."


@pytest.mark.parametrize("heights", [[0.5, 0.5, 0.5], [0.9, 0.1, 0.12], [0, 0, 0], [1, 0.2], [0.3]])
def test_names_keep_their_order_and_their_distance(heights):
    placed = np.array(spaced(heights, 0.1, 0.05))
    order = np.argsort(heights, kind="stable")
    assert (np.diff(placed[order]) >= 0.1 - 1e-9).all()
    assert placed.min() >= 0.05


def test_names_that_have_room_stay_where_they_are():
    assert spaced([0.9, 0.2], 0.1) == [0.9, 0.2]


def test_every_line_is_named_in_the_drawing_and_to_a_screen_reader():
    lines = [AccuracyLine(name, (0.5, 0.9), (0.8, 0.4)) for name in ('a$b$ & "<co>', "StarDist")]
    drawing = ElementTree.fromstring(accuracy_curves(lines))
    assert {'a$b$ & "<co>', "StarDist"} <= {text.strip() for text in drawing.itertext()}
    assert "StarDist from 0.80 at IoU 0.5 to 0.40 at 0.9" in drawing.attrib["aria-label"]


@pytest.fixture
def asked():
    """Three nuclei in a corner of a large field: two are found as one, the third as two."""
    truth = np.zeros((200, 300), np.int32)
    truth[150:160, 200:210], truth[150:160, 210:220], truth[170:190, 200:210] = 1, 2, 3
    labels = np.where(truth == 2, 1, truth)
    labels[180:190, 200:210] = 4
    answer = Answer("A", labels, score_image("field", truth, labels), mistakes(truth, labels))
    image = np.random.default_rng(0).integers(0, 99, (1, 200, 300), np.uint16)
    return Asked(Annotated(Image(image, "CYX", "field"), truth, "field"), truth, (answer,))


def test_the_window_goes_where_the_mistakes_are(asked):
    rows, columns = window(asked)
    assert (rows.stop - rows.start, columns.stop - columns.start) == (WINDOW, WINDOW)
    assert (rows.start <= 150, rows.stop >= 190) == (True, True)
    assert (columns.start <= 200, columns.stop >= 220) == (True, True)


def test_without_mistakes_the_middle_is_shown(asked):
    (answer,) = asked.answers
    right = Answer("A", asked.truth, answer.score, mistakes(asked.truth, asked.truth))
    rows, columns = window(replace(asked, answers=(right,)))
    assert rows.start == (200 - WINDOW) // 2
    assert columns.start == (300 - WINDOW) // 2


def test_merged_and_divided_wear_their_colours_where_they_lie(asked):
    (truth_words, _), (words, picture) = pictures_of(asked)
    assert truth_words == "3 true"
    assert words == "1 missed, 1 invented, 1 merged, 1 divided"
    rows, columns = window(asked)
    y, x = (2 * (at - part.start) for at, part in zip((150, 200), (rows, columns), strict=True))
    assert tuple(picture[y, x + 20]) == MERGED  # between the two, on the outline of what was found
    assert tuple(picture[y + 40, x]) == DIVIDED
    assert not (picture[: y - 4] == DIVIDED).all(axis=-1).any()
