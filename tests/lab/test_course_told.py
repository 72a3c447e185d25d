"""What the page is told of arrays and errors: small, of kinds that it knows, and said as they were."""

import numpy as np
import pytest

from convivo.course.checks import Answer, Panel
from convivo.course.runner.program import Raised
from convivo.lab.course.told import MOST_PIXELS, checked, seen, told


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (np.array([[True, False]]), "int32"),
        (np.array([[1, 2]], np.int64), "int32"),
        (np.array([[2**40, 0]]), "float32"),
        (np.array([[-1.5, np.nan]]), "float32"),
        (np.zeros((2, 2, 3)), "uint8"),
        (np.array([1e300, 0.0]), "float32"),
    ],
)
def test_arrays_travel_as_kinds_that_the_page_knows(given, kind):
    assert seen("a", given).array.dtype.name == kind


def test_numbers_and_places_stay_as_they_were():
    array = np.arange(12, dtype=float).reshape(3, 4) - 5
    np.testing.assert_array_equal(seen("a", array).array, array)


def test_of_a_large_image_every_so_manyth_pixel_is_shown_and_said():
    large = np.arange(1200 * 300, dtype=float).reshape(1200, 300)
    shown = seen("large", large)
    assert shown.every == 3
    assert shown.shape == (1200, 300)
    assert max(shown.array.shape) <= MOST_PIXELS
    np.testing.assert_array_equal(shown.array, large[::3, ::3])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (np.zeros((2, 3, 4)), "shape (2, 3, 4)"),
        (np.array([1 + 2j]), "complex"),
        (np.zeros((0, 5)), "shape (0, 5)"),
        (np.float64(2.5), "2.5"),
        ("a text", "a text"),
    ],
)
def test_what_cannot_be_drawn_is_described(given, words):
    shown = seen("odd", given)
    assert shown.array is None
    assert words in shown.text


def test_colours_beyond_their_range_are_cut_and_not_wrapped():
    assert seen("c", np.array([[[300.0, -7.0, np.nan]]])).array.tolist() == [[[255, 0, 0]]]


def test_the_picture_of_a_check_says_what_is_signed_and_what_are_labels():
    panels = (Panel("yours", np.eye(2), True), Panel("labels", np.eye(2, dtype=int), integer=True))
    said = checked("sums", "a sum", 2, Answer(False, "Not so.", panels))
    assert [(each.signed, each.integer) for each in said.panels] == [(True, False), (False, True)]
    assert (said.passed, said.unwritten, said.points) == (False, False, 2)


@pytest.mark.parametrize(
    ("kind", "line", "unwritten"),
    [
        ("NotImplementedError", 9, True),
        ("TypeError", 4, True),
        ("TypeError", 5, False),
        ("NameError", None, False),
    ],
)
def test_an_error_at_a_gap_is_no_mistake_yet(kind, line, unwritten):
    assert told(Raised(kind, "", line, ""), gaps=(4,)).unwritten is unwritten
