"""The contact sheet: everything is on it, it stays small, and it keeps only thumbnails."""

import gc
import weakref

import numpy as np
import pytest

from convivo.errors import BadInput
from convivo.report.contact import AMBER, LARGEST_SHEET, ContactSheet, shorten_middle
from convivo.report.pictures import FOUND
from convivo.types import Image


def discs(side=200, number=3):
    """A bright disc for each object, and the labels."""
    rows, columns = np.indices((side, side))
    labels = np.zeros((side, side), dtype=np.int32)
    for k in range(number):
        centre = side * (k + 0.5) / number
        labels[(rows - centre) ** 2 + (columns - centre) ** 2 < (side / number / 3) ** 2] = k + 1
    return (labels > 0).astype(np.uint16) * 500 + 100, labels


def count_colour(picture, colour):
    return int((np.asarray(picture) == colour).all(axis=-1).sum())


def test_full_size_arrays_are_let_go():
    sheet = ContactSheet()
    image, labels = discs(1500)
    gone = [weakref.ref(image), weakref.ref(labels)]
    sheet.add("a.tif", image, labels, 3)
    del image, labels
    gc.collect()
    assert [reference() for reference in gone] == [None, None]


def test_no_more_than_a_thumbnail_is_kept_of_each_image():
    sheet = ContactSheet(side=128)
    sheet.add("a.tif", *discs(2048), 3)
    kept = [sheet.tiles[0].image, sheet.tiles[0].labels]
    assert all(max(array.shape) <= 128 for array in kept)
    assert all(array.base is None or array.base.nbytes <= 4 * array.nbytes for array in kept)
    assert sum(array.nbytes for array in kept) <= 128 * 128 * 3


def test_outlines_stay_visible_when_a_large_image_becomes_small():
    sheet = ContactSheet(side=128)
    sheet.add("a.tif", *discs(2048), 3)
    perimeter = 3 * 2 * np.pi * 128 / 9
    assert count_colour(sheet.picture(), FOUND) > 0.7 * perimeter


def test_touching_objects_keep_their_border_on_the_sheet():
    labels = np.repeat([[1, 2]], 300, axis=0).repeat(150, axis=1)
    sheet = ContactSheet(side=100)
    sheet.add("a.tif", np.zeros((300, 300)), labels, 2)
    assert count_colour(sheet.picture(), FOUND) >= 100


def test_four_hundred_images_make_a_sheet_that_any_viewer_opens():
    sheet = ContactSheet()
    image, labels = discs(400)
    sheet.add("a.tif", image, labels, 3)
    sheet.tiles *= 400
    width, height = sheet.picture().size
    assert width * height <= LARGEST_SHEET
    assert 0.5 < width / height < 2.5


def test_one_image_makes_a_small_sheet_without_empty_places():
    sheet = ContactSheet(side=256)
    sheet.add("a.tif", *discs(), 3)
    width, height = sheet.picture().size
    assert max(width, height) < 500


def test_images_without_objects_and_with_notes_are_marked():
    plain, empty, noted = ContactSheet(), ContactSheet(), ContactSheet()
    image, labels = discs()
    plain.add("a.tif", image, labels, 3)
    empty.add("a.tif", image, labels * 0, 0)
    noted.add("a.tif", image, labels, 3, notes=["the image is constant"])
    marked = [count_colour(sheet.picture(), AMBER) for sheet in (plain, empty, noted)]
    assert marked[0] == 0
    assert min(marked[1:]) > 0


def test_a_failed_image_has_its_tile_and_its_reason():
    short, long = ContactSheet(), ContactSheet()
    short.fail("b.tif", "no")
    long.fail("b.tif", "not a TIFF: the file begins with 'Hello'")
    letters = [
        (np.ptp(np.asarray(sheet.picture()).astype(int), axis=-1) > 40).sum() for sheet in (short, long)
    ]
    assert letters[0] > 0
    assert letters[1] > letters[0] + 200
    assert short.picture().size == long.picture().size


@pytest.mark.parametrize(
    ("image", "labels"),
    [
        (np.zeros((1, 1), np.uint8), np.zeros((1, 1), np.uint16)),
        (np.full((5, 4000), np.nan, np.float32), np.ones((5, 4000), np.uint16)),
        (Image(np.zeros((3, 6, 7), np.uint8), "CYX"), np.zeros((6, 7), np.int8)),
        (np.zeros((9, 6, 7)), np.full((9, 6, 7), 70_000)),
    ],
)
def test_odd_images_have_their_tile(image, labels):
    sheet = ContactSheet()
    sheet.add("中文 é " + "x" * 300, image, labels, 0, notes=["µ " * 100])
    assert sheet.picture().size[0] < 1000


def test_an_empty_sheet_and_chosen_columns_are_no_error():
    assert ContactSheet().picture().size
    sheet = ContactSheet(columns=1, side=100)
    for name in "abc":
        sheet.add(name, *discs(), 3)
    assert sheet.picture().height > 300


def test_labels_of_another_image_are_refused():
    with pytest.raises(BadInput, match=r"b\.tif"):
        ContactSheet().add("b.tif", np.zeros((5, 5)), np.zeros((4, 4), int), 0)


class Monospaced:
    """A font whose letters are all one wide."""

    def getlength(self, text):
        return len(text)


@pytest.mark.parametrize(
    ("width", "short"), [(9, "abcdefghi"), (8, "abcd…ghi"), (5, "ab…hi"), (2, "a…"), (1, "…")]
)
def test_a_long_name_loses_its_middle(width, short):
    assert shorten_middle("abcdefghi", width, Monospaced()) == short
