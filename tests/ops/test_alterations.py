"""Alterations keep truth and image together, differ from image to image, and are what they say."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.alterations import ALTERATIONS, altered


def field():
    rows, columns = np.indices((160, 160))
    labels = np.zeros((160, 160), np.int32)
    for number, (row, column) in enumerate(((40, 40), (40, 120), (120, 40), (120, 120)), 1):
        labels[np.hypot(rows - row, columns - column) < 18] = number
    rng = np.random.default_rng(0)
    return (100 + 400 * (labels > 0) + rng.normal(0, 5, labels.shape)).astype(np.float32), labels


@pytest.mark.parametrize("kind", ALTERATIONS)
def test_an_altered_image_differs_and_keeps_its_truth(kind):
    image, labels = field()
    before = image.copy()
    shown, truth = altered(kind, image, labels, np.random.default_rng(1))
    np.testing.assert_array_equal(image, before)
    assert shown.dtype == np.float32
    assert np.isfinite(shown).all()
    assert shown.shape == truth.shape
    assert shown.shape != image.shape or np.abs(shown - image).mean() > 0.1
    assert set(np.unique(truth)) - {0} <= {1, 2, 3, 4}


@pytest.mark.parametrize("kind", ALTERATIONS)
def test_the_same_number_alters_in_the_same_way(kind):
    one, other = (altered(kind, *field(), np.random.default_rng(3))[0] for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_sizes_change_together_with_the_truth():
    image, labels = field()
    for kind, changes in (("smaller", lambda part: part < 0.3), ("larger", lambda part: part > 2.5)):
        shown, truth = altered(kind, image, labels, np.random.default_rng(2))
        assert changes((truth == 1).sum() / (labels == 1).sum())
        assert shown[truth > 0].mean() > shown[truth == 0].mean() + 200  # they still lie on one another


def test_inverted_objects_are_darker_than_what_lies_beside_them():
    shown, truth = altered("inverted", *field(), np.random.default_rng(0))
    assert shown[truth > 0].mean() < shown[truth == 0].mean()


def test_dim_images_have_whole_photons_and_more_noise():
    shown, truth = altered("dim", *field(), np.random.default_rng(0))
    inside = ndimage.binary_erosion(truth > 0, iterations=3)
    assert shown[inside].std() / shown[inside].mean() > 0.1
