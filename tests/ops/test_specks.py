"""Specks and slivers: what is learned of them, and which objects are dropped."""

from dataclasses import replace

import numpy as np

from convivo.ops.fingerprint import LEVELS, fingerprint
from convivo.ops.measure import areas
from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.ops.specks import KNOWN_FROM, large_enough, smallest_area, smallest_sliver


def slivers(lengths):
    """A label image with a sliver of each length along its upper edge, and a small object inside."""
    labels = np.zeros((max(lengths) + 4, 2 * len(lengths) + 1), np.int32)
    for number, length in enumerate(lengths, start=1):
        labels[:length, 2 * number - 1] = number
    labels[-2, 2] = len(lengths) + 1
    return labels


def test_specks_are_smaller_than_a_quarter_of_the_smallest_objects():
    labels = np.zeros((60, 60), np.int32)
    for number, (row, column) in enumerate([(5, 5), (5, 30), (30, 5), (30, 30)], start=1):
        labels[row : row + 12, column : column + 12] = number
    image = np.random.default_rng(0).normal(size=(1, 60, 60)).astype(np.float32)
    assert smallest_area(fingerprint([image], [labels]), 2) == 36
    assert smallest_area(fingerprint([image], [labels * 0]), 2) == 1


def sliver_of(*labels):
    """What is learned from the label images, in which the median object is far larger than any sliver."""
    images = [np.random.default_rng(0).random((1, *each.shape), np.float32) for each in labels]
    seen = fingerprint(images, labels)
    return smallest_sliver(labels, replace(seen, object_diameters=(1e3,) * len(LEVELS)), 2)


def test_slivers_count_from_the_size_at_which_people_annotated_them():
    lengths = range(20, 20 + KNOWN_FROM)
    assert sliver_of(slivers(lengths)) == 20
    assert sliver_of(slivers(lengths[:50]), slivers(lengths[50:])) == 20


def test_objects_inside_say_nothing_about_slivers():
    labels = slivers(range(20, 20 + KNOWN_FROM))
    assert labels[1:-1, 1:-1].any()
    assert sliver_of(np.pad(labels, 1)) is None


def test_too_few_cut_objects_say_nothing():
    assert sliver_of(slivers(range(20, 19 + KNOWN_FROM))) is None


def test_unknown_pixels_and_huge_ids_do_not_count():
    labels = slivers(range(20, 20 + KNOWN_FROM)).astype(np.int64)
    labels[labels > 0] += 1 << 40
    labels[:, 0] = -1
    assert sliver_of(labels) == 20


def test_a_tenth_of_a_nucleus_is_not_overlooked():
    """The edge cuts no simulated nucleus beyond its centre, so their slivers say nothing of what people overlook."""
    scenes = list(simulate_many(24, Scene(crowding=0.8), Microscope(), seed=0))
    labels = [each.labels for each in scenes]
    typical = np.median(np.concatenate([areas(each)[1:] for each in labels]))
    found = smallest_sliver(labels, fingerprint([each.image[None] for each in scenes], labels), 2)
    assert 0.08 * typical < found <= 0.1 * typical


def test_only_objects_on_the_edge_need_to_show_more():
    labels = slivers([3, 6])  # and one pixel inside
    sizes = areas(labels)
    assert large_enough(labels, sizes, 1, 4)[1:].tolist() == [False, True, True]
    assert large_enough(labels, sizes, 2, 4)[1:].tolist() == [False, True, False]
    assert large_enough(labels, sizes, 5, 1)[1:].tolist() == [False, True, False]


def test_any_face_of_a_volume_is_an_edge():
    labels = np.zeros((5, 5, 5), np.int32)
    labels[2, 2, 2] = 1
    labels[4, 2, 2] = 2
    labels[2, 2, 0] = 3
    assert large_enough(labels, areas(labels), 1, 2)[1:].tolist() == [True, False, False]
