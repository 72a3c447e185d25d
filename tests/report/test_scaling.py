"""Arrays brought to the size of a picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.report.scaling import check_fit, picture_shape, scale_image, scale_labels

sides = st.integers(1, 300)


@settings(max_examples=80, deadline=None)
@given(sides, sides, st.integers(1, 200))
def test_a_picture_is_never_larger_than_asked_and_never_vanishes(rows, columns, side):
    shape = picture_shape((rows, columns), side)
    assert min(shape) >= 1
    assert max(shape) <= side


@settings(max_examples=40, deadline=None)
@given(sides, sides, sides, sides)
def test_labels_are_never_mixed(rows, columns, new_rows, new_columns):
    labels = np.random.default_rng(rows).integers(0, 1000, (rows, columns))
    scaled = scale_labels(labels, (new_rows, new_columns))
    assert scaled.shape == (new_rows, new_columns)
    assert np.isin(scaled, labels).all()


def test_an_image_that_shrinks_is_averaged():
    image = np.arange(64, dtype=np.uint16).reshape(8, 8)
    blocks = image.reshape(4, 2, 4, 2).mean(axis=(1, 3))
    assert np.allclose(scale_image(image, (4, 4)), blocks)


def test_image_and_labels_stay_aligned():
    image = np.zeros((90, 70), dtype=np.uint8)
    image[30:60, 20:50] = 1
    shape = picture_shape((90, 70), 30)
    brightness, labels = scale_image(image, shape), scale_labels(image, shape)
    assert ((brightness > 0.5) == (labels > 0)).all()


def test_small_images_keep_their_square_pixels():
    image = np.array([[1, 2], [3, 4]])
    assert (scale_image(image, picture_shape((2, 2), 7)) == np.kron(image, np.ones((3, 3)))).all()


def test_labels_of_another_image_are_refused_with_both_sizes():
    with pytest.raises(BadInput, match=r"a\.tif: the image has 4 × 5 pixels, its labels 2 × 2"):
        check_fit("a.tif", np.zeros((4, 5)), np.zeros((2, 2), int))
