"""How far inside its object a pixel lies, against distances measured object by object and pixel by pixel."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.ops.stars.probability import object_probability


def scene(seed=0, **changes):
    settings = {"shape": (64, 81), "nuclei": 14, "diameter": 13, "crowding": 0.9, **changes}
    return simulate(Scene(**settings), Microscope(), seed=seed).labels.astype(np.int32)


def whole_image_at_a_time(labels):
    """One distance transform of the whole image for each object."""
    out = np.zeros(labels.shape)
    for number in np.unique(labels[labels > 0]):
        depth = ndimage.distance_transform_edt(labels == number)
        out += depth / depth.max()
    return out


def pixel_by_pixel(labels):
    """The nearest pixel of the image that is something else."""
    places = np.argwhere(np.ones(labels.shape))
    depth = np.zeros(labels.shape)
    for place in np.argwhere(labels > 0):
        others = places[labels.ravel() != labels[tuple(place)]]
        depth[tuple(place)] = np.sqrt(((others - place) ** 2).sum(axis=1).min())
    most = {number: depth[labels == number].max() for number in np.unique(labels)}
    return np.array(
        [value / (most[number] or 1) for value, number in zip(depth.flat, labels.flat, strict=True)]
    )


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_depth_over_the_object_s_largest(seed):
    labels = scene(seed)
    found = object_probability(labels)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, whole_image_at_a_time(labels), atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_any_labels_however_scattered(seed):
    labels = np.random.default_rng(seed).integers(0, 4, (17, 14)).astype(np.int32)
    labels = np.kron(labels, np.ones((1 + seed % 3, 2), np.int32))
    np.testing.assert_allclose(object_probability(labels).ravel(), pixel_by_pixel(labels), atol=1e-6)


def test_every_object_has_a_pixel_of_one_and_none_of_zero():
    labels = scene(nuclei=20)
    found = object_probability(labels)
    assert ((found > 0) == (labels > 0)).all()
    numbers = np.unique(labels)[1:]
    assert (ndimage.maximum(found, labels, numbers) == 1).all()


def test_the_image_s_edge_is_no_boundary():
    labels = np.zeros((9, 12), np.int32)
    labels[:, :5] = 1
    expected = np.array([1, 0.8, 0.6, 0.4, 0.2, *[0] * 7])
    np.testing.assert_allclose(object_probability(labels), np.broadcast_to(expected, (9, 12)), atol=1e-6)


def test_a_piece_of_a_large_object_looks_as_it_did_in_the_whole():
    whole = np.zeros((60, 60), np.int32)
    whole[10:50, 10:50] = 1
    cut = whole[:31]  # the deepest pixels are still there, and all nearest ways out
    inside = np.s_[10:30, 10:50]
    np.testing.assert_allclose(object_probability(cut)[inside], object_probability(whole)[inside], atol=1e-6)


def test_an_object_that_fills_the_image_is_deepest_in_the_middle():
    found = object_probability(np.full((7, 21), 3, np.int32))
    np.testing.assert_allclose(found[:, 10], [0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25], atol=1e-6)
    assert np.array_equal(found, found[::-1, ::-1])


def test_an_image_of_one_pixel():
    assert object_probability(np.ones((1, 1), np.int32)) == 1
    assert object_probability(np.zeros((1, 1), np.int32)) == 0


def test_objects_that_touch_bound_each_other():
    labels = np.zeros((15, 24), np.int32)
    labels[2:13, 2:12], labels[2:13, 12:22] = 1, 2
    apart = np.where(labels == 1, labels, 0)
    np.testing.assert_array_equal(object_probability(labels)[:, :12], object_probability(apart)[:, :12])
    assert object_probability(labels)[7, 11] == object_probability(labels)[7, 12] == np.float32(0.2)


def test_two_parts_of_one_number_are_one_object():
    labels = np.zeros((12, 30), np.int32)
    labels[1:10, 1:10] = labels[1:4, 20:23] = 5
    found = object_probability(labels)
    assert found[5, 5] == 1
    np.testing.assert_allclose(found[2, 21], 2 / 5, atol=1e-6)


@pytest.mark.parametrize("renumber", [lambda n: n * 7, lambda n: 70_000 - n, lambda n: n * 70_001 + 2**40])
def test_numbers_do_not_matter(renumber):
    labels = scene(1).astype(np.int64)
    strange = np.where(labels > 0, renumber(labels), 0)
    assert np.array_equal(object_probability(strange), object_probability(labels))


def test_unknown_pixels_are_zero_and_bound_nothing_as_the_image_s_edge_does():
    y, x = np.ogrid[:41, :41]
    disc = ((y - 20) ** 2 + (x - 20) ** 2 <= 15**2).astype(np.int32)
    half = np.where(np.arange(41) > 22, -1, disc)
    found = object_probability(half)
    assert not found[half < 0].any()
    np.testing.assert_allclose(found[:, :23], object_probability(disc[:, :23]))
    assert found[20, 22] > 0.9  # the disc's middle, beside pixels that nobody annotated


def test_an_object_with_unknown_pixels_all_around_is_bounded_by_its_box():
    labels = np.full((9, 9), -1)
    labels[3:6, 3:6] = 4
    found = object_probability(labels)
    assert found[4, 4] == 1
    assert (found > 0).sum() == 9


def test_no_objects_give_nothing():
    assert not object_probability(np.zeros((5, 6), np.uint16)).any()
    assert object_probability(np.zeros((5, 6), np.uint16)).shape == (5, 6)


def test_soft_pixels_lift_the_rim_of_small_objects_most():
    labels = np.zeros((40, 40), np.int32)
    labels[2:6, 2:6] = 1  # two pixels deep
    labels[10:34, 10:34] = 2  # twelve
    found = object_probability(labels, soft=2)
    assert found[2, 2] == pytest.approx(3 / 4)
    assert found[10, 10] == pytest.approx(3 / 14)
    assert found[3, 3] == found[22, 22] == 1
    assert ((found > 0) == (labels > 0)).all()
