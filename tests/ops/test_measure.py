"""Objects measured in bands, held against scikit-image."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.measure import regionprops

from convivo.ops import measure as measuring
from convivo.ops.measure import areas, compact, measure

shapes = st.lists(st.integers(1, 14), min_size=2, max_size=3).map(tuple)


def _scene(shape, seed, dtype=np.int32, largest=7):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, largest + 1, size=shape).astype(dtype)
    return labels, rng.integers(0, 5000, size=shape).astype(np.uint16), rng.random(shape, np.float32)


@given(
    shape=shapes,
    seed=st.integers(0, 999),
    band=st.sampled_from([1, 7, 40, 10_000]),
    dtype=st.sampled_from([np.int32, np.uint8, np.uint16, np.uint32, np.int64, np.uint64]),
)
@settings(max_examples=80, deadline=None)
def test_everything_measured_is_what_scikit_image_measures(shape, seed, band, dtype):
    labels, intensity, probability = _scene(shape, seed, dtype)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(measuring, "BAND", band)
        found, counts = measure(labels, intensity, probability, page=(3,)), areas(labels)
    truth = regionprops(labels.astype(np.int32), np.stack([intensity, probability], axis=-1))
    assert [each.label for each in found] == [each.label for each in truth]
    for mine, theirs in zip(found, truth, strict=True):
        assert mine.area == theirs.area == counts[mine.label]
        np.testing.assert_allclose(mine.position, theirs.centroid)
        np.testing.assert_allclose((mine.mean_intensity, mine.probability), theirs.intensity_mean, rtol=1e-6)
        box = np.array(theirs.bbox).reshape(2, -1)
        assert mine.touches_edge == bool((box[0] == 0).any() or (box[1] == shape).any())
        assert mine.page == (3,)
    assert counts.sum() == labels.size


def test_an_object_inside_does_not_touch_the_edge_and_one_at_each_face_does():
    labels = np.zeros((5, 7, 7), np.uint16)
    labels[2, 3, 3] = 1
    for number, where in enumerate(
        [(0, 3, 1), (4, 3, 5), (2, 0, 3), (2, 6, 3), (2, 1, 0), (2, 5, 6)], start=2
    ):
        labels[where] = number
    found = measure(labels, labels, np.zeros(labels.shape, np.float32))
    assert [each.touches_edge for each in found] == [False] + [True] * 6


@pytest.mark.parametrize("empty", [np.zeros((0, 5), np.int32), np.zeros((4, 5), np.int32)])
def test_without_objects_nothing_is_measured(empty):
    assert measure(empty, empty, empty.astype(np.float32)) == ()
    assert areas(empty).tolist() == [empty.size]


def test_unknown_pixels_belong_to_nothing():
    labels = np.array([[-1, -1, 2], [0, 2, -5]])
    assert areas(labels).tolist() == [1, 0, 2]
    (only,) = measure(labels, np.ones((2, 3)), np.ones((2, 3), np.float32))
    assert (only.label, only.area) == (2, 2)


def test_ids_beyond_16_bits_are_kept():
    labels = np.zeros((6, 6), np.uint32)
    labels[1:3, 1:3] = 70_001
    (only,) = measure(labels, labels, np.ones((6, 6), np.float32))
    assert (only.label, only.area, only.mean_intensity) == (70_001, 4, 70_001)


@given(shape=shapes, seed=st.integers(0, 99), factor=st.sampled_from([1, 900_000_000]))
@settings(max_examples=40, deadline=None)
def test_compact_ids_are_small_and_mean_the_same_objects(shape, seed, factor):
    labels = np.random.default_rng(seed).integers(-1, 5, size=shape) * factor
    small = compact(labels)
    assert small.max() <= labels.size
    assert np.array_equal(small < 0, labels < 0)
    assert np.array_equal(small == 0, labels == 0)
    couples = np.unique(np.stack([labels[labels > 0], small[labels > 0]]), axis=1)
    assert all(len(np.unique(side)) == couples.shape[1] for side in couples)


def test_small_ids_are_left_alone_and_the_largest_are_counted():
    labels = np.array([[0, 3], [3, 1]], np.uint16)
    assert compact(labels) is labels
    huge = np.array([[0, 2**64 - 1], [2**63, 2**63]], np.uint64)
    assert areas(compact(huge)).tolist() == [1, 2, 1]
