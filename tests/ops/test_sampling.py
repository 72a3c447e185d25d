"""Rare classes are seen, unknown ones never, and patches stay inside."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.ops import sampling
from convivo.ops.sampling import BalancedPlaces, frequencies


def _maps(seed=0):
    """Two maps: much background, some interior, few border pixels, a corner unknown."""
    rng = np.random.default_rng(seed)
    maps = [np.zeros((60, 50), np.float32), np.zeros((40, 70), np.float32)]
    for each in maps:
        each.ravel()[rng.choice(each.size, 90, replace=False)] = 1
        each.ravel()[rng.choice(each.size, 9, replace=False)] = 2
        each[:10, :10] = np.nan
    return maps


def _drawn(maps, count=600, **options):
    """Classes of the pixels that patches of a single pixel fall on."""
    places = BalancedPlaces(maps, count=3, **options)
    rng = np.random.default_rng(1)
    chosen = [places.draw((1, 1), rng) for _ in range(count)]
    return np.array([maps[place.image][place.centre] for place in chosen])


def test_each_foreground_class_is_drawn_as_often_as_the_others():
    drawn = _drawn(_maps(), foreground=1.0)
    assert set(drawn) == {1, 2}
    assert abs((drawn == 1).mean() - 0.5) < 0.08


def test_the_rest_is_drawn_as_pixels_come_and_never_where_nothing_is_known():
    drawn = _drawn(_maps(), foreground=0.0)
    assert not np.isnan(drawn).any()
    natural = BalancedPlaces(_maps(), count=3).natural_frequencies()
    assert abs((drawn == 0).mean() - natural[0]) < 0.03


def test_the_share_of_patches_drawn_by_class_is_as_asked():
    drawn = _drawn(_maps(), count=1500, foreground=0.4)
    natural = BalancedPlaces(_maps(), count=3).natural_frequencies()
    assert abs((drawn > 0).mean() - (0.4 + 0.6 * sum(natural[1:]))) < 0.05


def test_an_image_wholly_unknown_is_never_drawn():
    maps = [np.full((30, 30), np.nan, np.float32), _maps()[0]]
    places = BalancedPlaces(maps, count=3, foreground=0.3)
    rng = np.random.default_rng(0)
    assert {places.draw((8, 8), rng).image for _ in range(100)} == {1}


def test_images_are_drawn_by_the_square_root_of_their_objects():
    maps = [np.ones((30, 30), np.float32), np.ones((90, 90), np.float32), np.zeros((50, 50), np.float32)]
    places = BalancedPlaces(maps, count=2, foreground=1.0, objects=[90, 10, 400])
    rng = np.random.default_rng(0)
    drawn = np.bincount([places.draw((8, 8), rng).image for _ in range(2000)], minlength=3)
    assert (
        abs(drawn[0] / drawn[1] - 3) < 0.5
    )  # the larger cells of the second do not count, their number does
    assert drawn[2] == 0


@given(
    shape=st.lists(st.integers(1, 24), min_size=2, max_size=3).map(tuple),
    side=st.integers(1, 14),
    share=st.sampled_from([0.0, 1.0]),
    seed=st.integers(0, 99),
)
@settings(max_examples=100, deadline=None)
def test_a_patch_stays_inside_where_it_fits_covers_where_it_does_not_and_holds_the_pixel(
    shape, side, share, seed
):
    rng = np.random.default_rng(seed)
    classes = np.zeros(shape, np.float32)
    planted = tuple(int(rng.integers(length)) for length in shape)
    classes[planted] = 1
    size = (side,) * len(shape)
    place = BalancedPlaces([classes], count=2, foreground=share).draw(size, rng)
    for middle, length, target in zip(place.centre, shape, planted, strict=True):
        first = middle - side // 2
        if length >= side:
            assert first >= 0
            assert first + side <= length
        else:
            assert first <= 0
            assert first + side >= length
        assert share == 0 or first <= target < first + side


def test_no_object_is_an_error_that_says_so():
    with pytest.raises(BadInput) as caught:
        BalancedPlaces([np.zeros((9, 9), np.float32)] * 3, count=3)
    assert "3 training images" in caught.value.problem
    assert "no annotated object" in caught.value.problem
    with pytest.raises(BadInput):
        BalancedPlaces([np.full((9, 9), np.nan, np.float32)], count=3)


def test_a_class_that_never_occurs_is_left_out():
    maps = [np.where(_maps()[0] == 2, 0, _maps()[0])]
    assert set(_drawn(maps, count=50, foreground=1.0)) == {1}


def test_frequencies_are_those_of_the_known_pixels():
    maps = _maps()
    pixels = np.concatenate([each.ravel() for each in maps])
    expected = [np.sum(pixels == number) / np.isfinite(pixels).sum() for number in range(3)]
    np.testing.assert_allclose(BalancedPlaces(maps, count=3).natural_frequencies(), expected)
    np.testing.assert_allclose(frequencies(maps, 3), expected)
    assert sum(frequencies(maps, 3)) == pytest.approx(1)
    assert frequencies([np.full((4, 4), np.nan, np.float32)], 3) == (0, 0, 0)


def test_patches_show_more_foreground_than_the_images_have():
    maps = [np.zeros((200, 200), np.float32)]
    maps[0][30:50, 40:60] = 1
    maps[0][50, 40:60] = 2
    places = BalancedPlaces(maps, count=3, foreground=0.9)
    rng = np.random.default_rng(0)
    patches = []
    for _ in range(100):
        y, x = places.draw((32, 32), rng).centre
        patches.append(maps[0][y - 16 : y + 16, x - 16 : x + 16])
    shown, natural = frequencies(patches, 3), places.natural_frequencies()
    assert all(more > 5 * less for more, less in zip(shown[1:], natural[1:], strict=True))


def test_what_is_remembered_of_a_large_image_is_a_fair_sample(monkeypatch):
    monkeypatch.setattr(sampling, "REMEMBERED", 50)
    classes = np.ones((100, 100), np.float32)
    places = BalancedPlaces([classes], count=2, foreground=1.0)
    rng = np.random.default_rng(0)
    centres = np.array([places.draw((1, 1), rng).centre for _ in range(400)])
    assert len(np.unique(centres, axis=0)) <= 50
    assert np.abs(centres.mean(axis=0) - 49.5).max() < 15
