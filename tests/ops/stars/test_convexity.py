"""The best star of an object: convex shapes are reached, what lies around a corner is not."""

import numpy as np
import pytest

from convivo.ops.stars.candidates import Stars
from convivo.ops.stars.convexity import best_iou, best_ious
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.paint import paint

Y, X = np.indices((64, 64)) - 32
DISC = Y**2 + X**2 <= 24**2
RING = DISC & (Y**2 + X**2 >= 18**2)
HORSESHOE = RING & ~((X > 0) & (abs(Y) < 12))


def from_anywhere(inside, rays):
    """The best of the stars of all pixels."""
    away = star_distances(inside.astype(np.int32), rays)
    places = np.argwhere(inside)
    stars = Stars(places.astype(np.int32), away[:, *places.T].T, np.ones(len(places), np.float32))
    drawn = [paint(stars[number : number + 1], inside.shape)[0] > 0 for number in range(len(stars))]
    return max((star & inside).sum() / (star | inside).sum() for star in drawn)


def test_a_disc_is_the_polygon_between_its_rays():
    for rays in (8, 16):  # a polygon in a circle of radius 1 has the area n / 2 sin(2 pi / n)
        assert best_iou(DISC, rays) == pytest.approx(rays / 2 / np.pi * np.sin(2 * np.pi / rays), abs=0.02)
    assert best_iou(DISC, 128) > 0.99


def test_no_star_sees_around_a_ring_or_a_horseshoe():
    assert best_iou(RING, 64) < 0.6
    assert best_iou(HORSESHOE, 64) < 0.7 < best_iou(DISC, 64)


@pytest.mark.parametrize("inside", [DISC, RING, HORSESHOE], ids=["disc", "ring", "horseshoe"])
@pytest.mark.parametrize("rays", [8, 32])
def test_few_places_find_nearly_the_best_star(inside, rays):
    best = from_anywhere(inside, rays)
    assert best - 0.01 <= best_iou(inside, rays) <= best


def test_large_objects_are_looked_at_on_a_grid():
    large = np.kron(DISC, np.ones((6, 6), bool))
    assert best_iou(large, 32) > 0.97
    line = np.zeros((1500, 3), bool)
    line[:, 1] = True  # the grid passes it by
    assert best_iou(line, 32) == 1


def test_each_object_is_told_by_its_label():
    labels = np.full((100, 200), -1)
    labels[:64, :64][DISC] = 10**12
    labels[:64, 100:164][RING] = 7
    labels[90:92, 90:92] = 5
    found = best_ious(labels, 32)
    assert list(found) == [5, 7, 10**12]
    assert found[10**12] > 0.95
    assert found[7] < 0.6
    assert list(best_ious(labels, 32, step=2)) == [5, 10**12]


def test_an_image_may_cut_an_object_and_may_be_empty():
    assert best_iou(DISC[20:, 20:], 32) > 0.95
    assert best_iou(np.ones((1, 1), bool), 32) == 1
    assert best_ious(np.zeros((5, 5), int), 32) == {}
    assert best_ious(np.zeros((0, 5), int), 32) == {}
