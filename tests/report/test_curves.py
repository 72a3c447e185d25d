"""The training curve: an SVG element that needs nothing else and follows the page's colours."""

import math
from xml.etree import ElementTree

from convivo.report.curves import INK, CurveRow, loss_curve

ROWS = [CurveRow(step, 1 / (step + 1), 1e-3, step / 1000 if step % 100 == 0 else None) for step in range(500)]


def words_of(drawing):
    return " ".join(ElementTree.fromstring(drawing).itertext())


def test_the_drawing_is_one_svg_element_with_labelled_axes():
    drawing = loss_curve(ROWS)
    assert ElementTree.fromstring(drawing).tag.endswith("svg")
    assert all(word in words_of(drawing) for word in ("training loss", "validation", "learning", "step"))


def test_the_best_score_is_said_in_words_and_to_a_screen_reader():
    drawing = loss_curve(ROWS)
    assert "best 0.40 at step 400" in words_of(drawing)
    assert "best validation score 0.40" in ElementTree.fromstring(drawing).attrib["aria-label"]


def test_ink_is_the_colour_of_the_page_in_light_and_dark():
    drawing = loss_curve(ROWS)
    assert "currentColor" in drawing
    assert INK not in drawing
    assert "#ffffff" not in drawing


def test_without_scores_there_is_no_panel_for_them():
    assert "validation" not in loss_curve([CurveRow(step, 1.0, 1e-3) for step in range(5)])


def test_no_rows_draw_nothing_and_one_row_or_a_lost_loss_is_no_error():
    assert loss_curve([]) == ""
    assert "<svg" in loss_curve([CurveRow(1, 0.5, 1e-3, math.nan)])
    assert "<svg" in loss_curve([CurveRow(step, math.nan, 0.0) for step in range(100)])


def test_the_same_rows_draw_the_same_file():
    assert loss_curve(ROWS) == loss_curve(ROWS)
