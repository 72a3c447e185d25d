"""Patches show something where there is something, and stay inside."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.ops import content
from convivo.ops.content import ContentPlaces


def _field(sign=1.0, shape=(200, 240), seed=0):
    """(1, Y, X): noise, and on a hundredth of it a square that is as many times brighter (or darker)."""
    image = np.random.default_rng(seed).normal(100, 10, (1, *shape))
    image[0, 40:62, 150:172] += sign * 60
    return image.astype(np.float32)


def _cut(images, places, size, count):
    rng = np.random.default_rng(1)
    for place in (places.draw(size, rng) for _ in range(count)):
        first = [middle - side // 2 for middle, side in zip(place.centre, size, strict=True)]
        yield images[place.image][:, *(slice(s, s + side) for s, side in zip(first, size, strict=True))]


def _shows(patch, threshold=30):
    """How much of a patch lies far from the background, bright or dark."""
    return np.mean(np.abs(patch - 100) > threshold)


def test_most_patches_show_the_one_thing_there_is_bright_or_dark():
    for sign in (1, -1):
        images = [_field(sign)]
        shown = [_shows(each) for each in _cut(images, ContentPlaces(images), (32, 32), 300)]
        assert np.mean(np.array(shown) > 0.02) > 0.8
        anywhere = [_shows(each) for each in _cut(images, ContentPlaces(images, share=0), (32, 32), 300)]
        assert np.mean(np.array(anywhere) > 0.02) < 0.2


def test_the_share_of_patches_around_something_is_as_asked():
    images = [_field()]
    shown = [_shows(each) for each in _cut(images, ContentPlaces(images, share=0.5), (16, 16), 800)]
    assert abs(np.mean(np.array(shown) > 0.02) - 0.5) < 0.08


def test_what_is_shown_lies_anywhere_in_the_patch():
    image = np.zeros((1, 200, 200), np.float32)
    image[0, 100, 100] = 1e4
    places = ContentPlaces([image], share=1.0)
    rng = np.random.default_rng(0)
    centres = np.array([places.draw((40, 40), rng).centre for _ in range(400)])
    assert np.ptp(centres, axis=0).min() > 34
    assert np.abs(centres.mean(axis=0) - 100).max() < 3


def test_a_constant_image_is_drawn_from_all_over():
    images = [np.full((1, 60, 60), 7, np.float32)]
    rng = np.random.default_rng(0)
    centres = np.array([ContentPlaces(images).draw((10, 10), rng).centre for _ in range(300)])
    assert centres.min() == 5
    assert centres.max() == 55


def test_images_are_drawn_by_their_size():
    images = [_field(shape=(100, 200)), _field(shape=(300, 200), seed=1)]
    rng = np.random.default_rng(0)
    places = ContentPlaces(images)
    drawn = np.bincount([places.draw((16, 16), rng).image for _ in range(1000)])
    assert abs(drawn[1] / 1000 - 0.75) < 0.05


@given(
    shape=st.lists(st.integers(1, 24), min_size=2, max_size=3).map(tuple),
    side=st.integers(1, 14),
    share=st.sampled_from([0.0, 1.0]),
    seed=st.integers(0, 99),
)
@settings(max_examples=100, deadline=None)
def test_a_patch_stays_inside_where_it_fits_and_covers_the_image_where_it_does_not(shape, side, share, seed):
    rng = np.random.default_rng(seed)
    image = rng.normal(size=(1, *shape)).astype(np.float32)
    place = ContentPlaces([image], share=share).draw((side,) * len(shape), rng)
    for middle, length in zip(place.centre, shape, strict=True):
        first = middle - side // 2
        assert (first >= 0 and first + side <= length) if length >= side else first == 0


def test_what_is_remembered_depends_on_nothing_but_the_images(monkeypatch):
    monkeypatch.setattr(content, "REMEMBERED", 50)
    image = np.random.default_rng(0).normal(size=(1, 100, 100)).astype(np.float32)
    drawn = []
    for _ in range(2):
        np.random.default_rng().normal()
        places, rng = ContentPlaces([image], share=1.0), np.random.default_rng(3)
        drawn.append([places.draw((1, 1), rng) for _ in range(200)])
    assert drawn[0] == drawn[1]
    assert len({place.centre for place in drawn[0]}) <= 50
