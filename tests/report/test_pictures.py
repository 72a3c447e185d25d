"""Pictures: what is drawn lies where it should, and what must be told apart can be."""

import base64
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from skimage.color import rgb2lab

from convivo.report.pictures import (
    AGREE,
    BACKGROUND,
    FOUND,
    TRUTH,
    UNKNOWN,
    borders,
    compare,
    data_uri,
    flat,
    grey,
    label_colours,
    outlines,
    probability_colours,
)
from convivo.report.unmatched import Unmatched
from convivo.types import Image

NOBODY = np.array([], dtype=int)


def square(number=1, side=9, low=2, high=7):
    labels = np.zeros((side, side), dtype=np.uint16)
    labels[low:high, low:high] = number
    return labels


def is_colour(picture, colour):
    return (picture == np.array(colour)).all(axis=-1)


def test_an_address_holds_every_pixel_of_its_picture():
    picture = np.random.default_rng(0).integers(0, 256, (9, 13, 3), np.uint8)
    kind, _, text = data_uri(picture).partition(",")
    assert kind == "data:image/webp;base64"
    assert np.array_equal(Pillow.open(io.BytesIO(base64.b64decode(text))).convert("RGB"), picture)


def test_an_outline_is_the_outermost_ring_of_its_object():
    expected = square() > 0
    expected[3:6, 3:6] = False
    drawn = is_colour(outlines(np.zeros((9, 9)), square()), FOUND)
    assert (drawn == expected).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_an_outline_pixel_lies_in_an_object_and_beside_something_else(seed):
    labels = np.random.default_rng(seed).integers(-1, 4, (7, 8))
    padded = np.pad(np.maximum(labels, 0), 1, mode="edge")
    for (y, x), drawn in np.ndenumerate(borders(labels)):
        around = {padded[y, x + 1], padded[y + 2, x + 1], padded[y + 1, x], padded[y + 1, x + 2]}
        assert drawn == (labels[y, x] > 0 and around != {labels[y, x]})


@pytest.mark.parametrize(
    "image",
    [
        np.full((4, 5), 7, np.uint16),
        np.zeros((1, 1), bool),
        np.full((3, 3), np.nan),
        np.array([[0.0, np.inf, np.nan, -np.inf]]),
        np.arange(-6, 6).reshape(3, 4),
    ],
)
def test_any_image_has_a_grey_picture(image):
    picture = grey(image)
    assert picture.dtype == np.uint8
    assert picture.shape == (*image.shape, 3)


def test_contrast_is_stretched_over_the_whole_range_and_keeps_the_order():
    ramp = np.arange(1000, 2000, dtype=np.uint16)[None]
    values = grey(ramp)[0, :, 0].astype(int)
    assert (values[0], values[-1]) == (0, 255)
    assert (np.diff(values) >= 0).all()


def test_one_hot_pixel_does_not_blacken_the_others():
    image = np.tile(np.arange(100, dtype=np.float32), (100, 1))
    image[50, 50] = 1e6
    assert grey(image)[..., 0].max() == 255
    assert grey(image)[0, 99, 0] > 200


def test_a_few_bright_pixels_on_a_constant_image_can_be_seen():
    image = np.zeros((100, 100))
    image[5, 5] = 3
    assert grey(image)[5, 5, 0] == 255


def test_probability_has_one_scale_for_all_maps_and_grows_lighter():
    half = probability_colours(np.full((2, 2), 0.5, np.float32))
    both = probability_colours(np.array([[0.0, 0.5, 1.0]], np.float32))
    assert (both[0, 1] == half[0, 0]).all()
    lightness = rgb2lab(probability_colours(np.linspace(0, 1, 50, dtype=np.float32)[None]))[0, :, 0]
    assert (np.diff(lightness) > 0).all()


def test_unknown_probability_is_grey():
    assert is_colour(probability_colours(np.array([[np.nan]], np.float32)), UNKNOWN).all()


def test_objects_with_near_numbers_have_colours_that_can_be_told_apart():
    apart = np.zeros((1, 800), dtype=int)  # every second pixel is background: nothing touches
    apart[0, 1::2] = np.arange(1, 401)
    colours = rgb2lab(label_colours(apart)[0, 1::2] / 255)
    for gap in range(1, 55):
        nearest = np.linalg.norm(colours[gap:] - colours[:-gap], axis=1).min()
        assert nearest > (20 if gap < 4 else 8)  # CIELAB; 2.3 is just noticeable


def test_a_dark_line_parts_objects_that_touch():
    labels = np.repeat([[1, 1, 1, 56, 56, 56]], 4, axis=0)
    picture = label_colours(labels)
    assert is_colour(picture, BACKGROUND)[:, 2].all()
    assert not is_colour(picture, BACKGROUND)[:, [0, 1, 3, 4, 5]].any()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.int64])
def test_an_object_keeps_its_colour_whatever_surrounds_it_and_however_it_is_stored(dtype):
    alone, among = square(200).astype(dtype), square(200).astype(np.int64)
    among[0, :] = np.arange(9) * 10
    assert (label_colours(alone)[4, 4] == label_colours(among)[4, 4]).all()


def test_background_is_dark_and_unknown_is_grey():
    picture = label_colours(np.array([[0, -1]]))
    assert is_colour(picture, BACKGROUND)[0, 0]
    assert is_colour(picture, UNKNOWN)[0, 1]


def test_a_perfect_match_is_white_and_nothing_else():
    picture = compare(np.zeros((9, 9)), square(3), square(5), Unmatched(NOBODY, NOBODY, NOBODY))
    assert (is_colour(picture, AGREE) == borders(square())).all()
    assert not is_colour(picture, FOUND).any()
    assert not is_colour(picture, TRUTH).any()


def test_outlines_one_pixel_apart_agree_and_outlines_three_apart_do_not():
    image = np.zeros((21, 21))
    truth, near, far = (square(1, 21, low, 21 - low) for low in (2, 3, 5))
    nobody = Unmatched(NOBODY, NOBODY, NOBODY)
    assert not is_colour(compare(image, near, truth, nobody), TRUTH).any()
    parted = compare(image, far, truth, nobody)
    assert (is_colour(parted, TRUTH) == borders(truth)).all()
    assert (is_colour(parted, FOUND) == borders(far)).all()


def test_missed_and_invented_objects_differ_in_colour_and_in_pattern():
    image = np.zeros((30, 60))
    labels, truth = np.zeros((2, 30, 60), dtype=int)
    labels[5:25, 5:25], truth[5:25, 35:55] = 1, 2
    picture = compare(image, labels, truth, Unmatched(np.array([2]), np.array([1]), NOBODY))
    assert is_colour(picture, FOUND)[borders(labels)].all()
    assert is_colour(picture, TRUTH)[borders(truth)].all()
    assert not is_colour(picture, AGREE).any()
    inner_invented, inner_missed = picture[8:22, 8:22], picture[8:22, 38:52]
    assert len(np.unique(inner_invented.reshape(-1, 3), axis=0)) == 1  # an even tint
    assert len(np.unique(inner_missed.reshape(-1, 3), axis=0)) == 2  # hatching


def test_lines_are_brighter_than_any_image_under_them():
    picture = outlines(np.tile(np.arange(64), (64, 1)), square(1, 64, 10, 50))
    under = picture[~is_colour(picture, FOUND)]
    assert under.max() < 0.7 * 255


def test_a_stack_shows_its_middle_page():
    stack = np.arange(5 * 2 * 3).reshape(5, 2, 3)
    assert (flat(stack) == stack[2]).all()
    assert (flat(Image(stack[:, None], "ZCYX")) == stack[2]).all()


def test_channels_are_averaged_so_that_equal_rgb_is_grey():
    page = np.arange(6, dtype=np.uint8).reshape(2, 3)
    assert (flat(Image(np.stack([page] * 3), "CYX")) == page).all()
    assert (flat(Image(np.stack([page, page + 2]), "CYX")) == page + 1).all()


def test_image_and_labels_of_a_film_of_stacks_show_the_same_page():
    pixels = np.random.default_rng(0).integers(0, 9, (3, 2, 4, 5, 6))
    image = Image(pixels, "TCZYX")
    assert (flat(image) == flat(pixels.mean(axis=1, dtype=np.float32))).all()
