"""First aid undoes what it is for, and leaves the rest."""

import numpy as np
import pytest
from scipy import ndimage
from skimage.restoration import rolling_ball

from convivo.ops.remedies import REMEDIES

INVERT, SUBTRACT, MASK = REMEDIES


def field():
    rows, columns = np.indices((160, 160))
    inside = np.hypot(rows % 40 - 20, columns % 40 - 20) < 10
    return (100 + 400 * ndimage.gaussian_filter(inside.astype(np.float32), 1)).astype(np.float32), inside


def contrast(image, inside):
    """Of objects above what lies beside them, in the image's units; of all objects the least."""
    objects = ndimage.label(inside)[0]
    beside = ndimage.binary_dilation(inside, iterations=6) & ~ndimage.binary_dilation(inside, iterations=3)
    around = ndimage.grey_dilation(objects, (13, 13))
    return min(
        np.median(image[objects == number]) - np.median(image[beside & (around == number)])
        for number in range(1, objects.max() + 1)
    )


def test_dark_objects_become_bright():
    image, inside = field()
    assert contrast(INVERT.apply(600 - image), inside) == pytest.approx(400, rel=0.05)


def test_an_uneven_background_goes_and_objects_stay():
    image, inside = field()
    uneven = image + np.linspace(0, 600, 160, dtype=np.float32)
    mended = SUBTRACT.apply(uneven)
    inner = (slice(0, 5), slice(50, 110))  # at the edges the ball has no hold
    assert np.ptp(np.median(mended[inner], axis=0)) < 0.1 * np.ptp(np.median(uneven[inner], axis=0))
    assert contrast(mended, inside) > 300


def test_what_outshines_all_goes_and_the_rest_stays():
    image, inside = field()
    speck = image.copy()
    speck[70:90, 70:90] = 20_000
    mended = MASK.apply(speck)
    assert mended.max() < 600
    kept = np.ones_like(inside)
    kept[64:96, 64:96] = False
    np.testing.assert_array_equal(mended[kept], image[kept])


def test_the_ball_under_the_shrunk_image_is_that_under_the_image():
    image, _ = field()
    uneven = image + np.linspace(0, 600, 160, dtype=np.float32)
    unit = np.ptp(uneven) / 255
    whole = uneven - unit * rolling_ball(uneven / unit, radius=50)
    assert np.abs(SUBTRACT.apply(uneven) - whole).max() < 0.02 * np.ptp(uneven)
