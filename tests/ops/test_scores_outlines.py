"""Outlines drawn by hand, whose distances can be counted."""

import numpy as np
import pytest

from convivo.ops.scores.outlines import outline, outline_distances


def disc(radius, centre=(40, 40), shape=(80, 80)):
    """A disc as a label image."""
    y, x = np.indices(shape)
    return ((y - centre[0]) ** 2 + (x - centre[1]) ** 2 <= radius**2).astype(np.int32)


def test_the_same_labels_are_nowhere_off_however_they_are_numbered():
    labels = disc(10, (20, 20)) + 2 * disc(12, (55, 55))
    distances = outline_distances(labels, np.array([0, 7, 3])[labels])
    assert len(distances) == 2 * sum(int(outline(labels == number).sum()) for number in (1, 2))
    assert (distances == 0).all()


@pytest.mark.parametrize("wider", [1, 2, 4])
def test_a_disc_that_is_wider_is_off_by_the_difference_of_the_radii(wider):
    assert outline_distances(disc(20), disc(20 + wider)).mean() == pytest.approx(wider, abs=0.3)


def test_a_square_moved_by_two_pixels_is_off_by_two_at_its_ends_and_by_none_along_its_sides():
    truth, labels = np.zeros((30, 30), np.int32), np.zeros((30, 30), np.int32)
    truth[5:25, 5:25] = 1
    labels[5:25, 7:27] = 1
    distances = outline_distances(truth, labels)
    assert distances.max() == 2
    assert (distances == 0).sum() == 2 * 2 * 18  # the shared part of two sides, both ways


def test_both_ways_count():
    truth, labels = np.zeros((40, 40), np.int32), np.zeros((40, 40), np.int32)
    truth[10:30, 10:30] = labels[10:30, 10:30] = 1
    labels[20, 30:38] = 1  # a spike: every pixel of the truth has a near one, not the other way round
    assert outline_distances(truth, labels).max() == pytest.approx(8)
    assert outline_distances(labels, truth).max() == pytest.approx(8)


def test_where_the_image_ends_no_outline_is_known():
    truth, labels = np.zeros((20, 20), np.int32), np.zeros((20, 20), np.int32)
    truth[:10], labels[:11] = 1, 1
    assert (outline_distances(truth, labels) == 1).all()
    assert outline_distances(np.ones((9, 9), int), np.ones((9, 9), int)).size == 0


def test_objects_that_were_not_found_are_left_out():
    truth = disc(10, (20, 20)) + 2 * disc(10, (60, 60))
    labels = disc(10, (20, 20))
    assert outline_distances(truth, labels).size == 2 * outline(labels == 1).sum()
    assert outline_distances(truth, np.zeros_like(labels)).size == 0
