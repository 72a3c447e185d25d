"""Masks that are no label images, and masks of other images, are found; good ones are left alone."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from convivo.doubt import DataSet, Level
from convivo.doubt.checks import labels
from convivo.types import Annotated, Image
from simulated import nuclei

FIELDS = nuclei(6, shape=(128, 144), objects=12, diameter=18)
GOOD = FIELDS[0]


def asked(data):
    return list(labels.ask(DataSet(data=data)))


def masked(change, each=GOOD):
    return replace(each, labels=change(each.labels))


def moved(array):
    return np.pad(array, ((5, 0), (0, 4)))[:-5, 4:]


def test_good_masks_are_fine():
    (found,) = asked(FIELDS)
    assert (found.id, found.level, found.image) == ("labels", Level.fine, "")
    assert found.evidence.startswith("6 masks")


SPOILED = {
    "resized as a picture": lambda mask: np.rint(ndimage.gaussian_filter((mask > 0) * 255.0, 1)).astype(int),
    "compressed as a picture": lambda mask: np.rint(ndimage.gaussian_filter(mask * 1.0, 0.6)).astype(int),
    "classes": lambda mask: np.where(mask > 0, 1 + mask % 2, 0),
}


@pytest.mark.parametrize("how", SPOILED)
def test_spoiled_masks_stop(how):
    (found,) = asked([masked(SPOILED[how]), *FIELDS[1:]])
    assert (found.image, found.level) == ("field0", Level.stop)
    assert ("classes" in found.evidence) == (how == "classes")


def test_a_mask_that_is_moved_is_told_by_how_much():
    (found,) = asked([masked(moved), *FIELDS[1:]])
    assert found.level is Level.stop
    assert "5 pixels further up and 4 right" in found.evidence


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (lambda mask: mask[:, ::-1], "left to right"),
        (lambda mask: mask[::-1], "top to bottom"),
        (lambda mask: mask[::-1, ::-1], "180°"),
    ],
)
def test_a_mask_that_is_turned_is_told_how(turn, words):
    (found,) = asked([masked(turn), *FIELDS[1:]])
    assert found.level is Level.stop
    assert words in found.evidence


def test_exchanged_masks_are_told_whose_they_are():
    one, other, *rest = FIELDS
    found = asked([replace(one, labels=other.labels), replace(other, labels=one.labels), *rest])
    assert [(each.image, each.level) for each in found] == [("field0", Level.stop), ("field1", Level.stop)]
    assert "fits field1" in found[0].evidence
    assert "fits field0" in found[1].evidence


def test_a_mask_of_nothing_that_is_there_warns():
    (found,) = asked(
        [
            replace(GOOD, labels=nuclei(1, seed=9, shape=(128, 144), objects=12, diameter=18)[0].labels),
            *FIELDS[1:],
        ]
    )
    assert (found.level, found.image) == (Level.warn, "field0")
    assert "fits nowhere" in found.evidence


def test_a_label_image_given_as_an_image_stops():
    found = asked(
        [replace(GOOD, image=Image(GOOD.labels[None].astype(np.uint8), "CYX", "swapped")), *FIELDS[1:]]
    )
    assert [(each.image, each.level) for each in found] == [("swapped", Level.stop)]


def test_crumbs_are_a_note_with_their_numbers():
    def crumb(mask):
        free = np.argwhere(ndimage.distance_transform_edt(mask == 0) > 3)[0]
        mask = mask.copy()
        mask[tuple(free)] = 7
        return mask

    (found,) = asked([masked(crumb), *FIELDS[1:]])
    assert (found.level, found.image) == (Level.note, "field0")
    assert "numbers 7" in found.evidence


def test_huge_numbers_are_a_note():
    (found,) = asked([masked(lambda mask: mask.astype(np.int64) * 100_000), *FIELDS[1:]])
    assert (found.level, found.measured) == (Level.note, int(GOOD.labels.max()) * 100_000)


@pytest.mark.parametrize(("count", "level"), [(1, "fine"), (2, "note"), (4, "warn"), (6, "stop")])
def test_empty_masks_are_counted(count, level):
    (found,) = asked([masked(np.zeros_like, each) for each in FIELDS[:count]] + FIELDS[count:])
    assert found.level == level
    assert level == "fine" or f"{count} of 6 masks" in found.evidence


def test_masks_made_by_a_threshold_are_a_note():
    """Two discs that touch under one number have a dent; hand-drawn ones would lie side by side."""
    rows, columns = np.indices((96, 160))
    mask = np.zeros(rows.shape, int)
    for number in range(10):
        y, x = 16 + 32 * (number // 5) + 16, 16 + 32 * (number % 5)
        mask[np.hypot(rows - y, columns - x + 6) < 6.5] = number + 1
        mask[np.hypot(rows - y, columns - x - 6) < 6.5] = number + 1
    picture = Image(ndimage.gaussian_filter((mask > 0) * 100.0, 1)[None], "CYX", "pairs")
    (found,) = asked([Annotated(picture, mask, str(number)) for number in range(6)])
    assert (found.level, found.image) == (Level.note, "")
    assert "dents" in found.evidence


def test_unfit_masks_from_python_stop():
    data = [masked(lambda mask: mask.astype(float)), masked(lambda mask: mask[:-1], FIELDS[1]), *FIELDS[2:]]
    assert [(each.image, each.level) for each in asked(data)] == [("field0", "stop"), ("field1", "stop")]


def test_odd_images_crash_nothing():
    odd = [
        Annotated(Image(np.full((1, 8, 8), np.nan, np.float32), "CYX", "nan"), np.eye(8, dtype=int), "a"),
        Annotated(Image(np.zeros((3, 1, 1), np.uint8), "CYX", "pixel"), np.ones((1, 1), int), "b"),
        Annotated(Image(np.zeros((1, 0, 7), np.uint8), "CYX", "empty"), np.zeros((0, 7), int), "c"),
        Annotated(Image(np.ones((1, 4, 9, 9), np.uint8), "CZYX", "stack"), np.ones((4, 9, 9), int), "d"),
        Annotated(Image(np.ones((1, 9, 9), np.uint8), "CYX", "unknown"), np.full((9, 9), -1), "e"),
    ]
    assert all(found.id == "labels" for found in asked(odd))
    assert [found.level for found in asked([])] == [Level.fine]
