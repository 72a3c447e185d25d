"""What is shown at blind spots, held against neighbours that are found one by one."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from convivo.errors import BadInput
from convivo.ops.blind_spots import BlindSpot, hide

DRAWN = [
    ((6, 5), BlindSpot(radius=1)),
    ((6, 5), BlindSpot(radius=2, manipulator="uniform_with_centre")),
    ((5, 6), BlindSpot(axes="X", reach=1)),
    ((5, 6), BlindSpot(axes="Y", reach=3, manipulator="uniform_with_centre")),
    ((6, 6), BlindSpot(axes="YX", reach=1)),
    ((3, 4, 3), BlindSpot(radius=1)),
    ((3, 3, 4), BlindSpot(radius=1, axes="ZX", reach=1)),
]
name = lambda value: (
    "".join(map(str, value)) if isinstance(value, tuple) else f"{value.manipulator}{value.axes}"
)


def unique(shape, seed=0):
    """Pixels of which no two are alike: their value tells where they come from."""
    order = np.random.default_rng(seed).permutation(np.prod(shape))
    return order.reshape(shape).astype(np.float32)


def sources(shown, channel):
    """For each pixel that is shown the place that it was taken from, (axes, ...)."""
    where = np.argsort(channel.ravel())
    return np.array(np.unravel_index(where[shown.astype(int)], channel.shape))


def masked(spot, how, shape):
    """What is hidden with a spot: the spot and the lines through it."""
    axes = "ZYX"[-len(shape) :]
    places = {spot}
    for axis, distance in product(how.axes, range(-how.reach, how.reach + 1)):
        place = list(spot)
        place[axes.index(axis)] += distance
        places.add(tuple(place))
    return {each for each in places if all(0 <= i < side for i, side in zip(each, shape, strict=True))}


def window(place, how, shape):
    """The pixels about one, cut at the border."""
    sides = zip(place, shape, strict=True)
    return set(product(*(range(max(0, i - how.radius), min(n, i + how.radius + 1)) for i, n in sides)))


def allowed(spot, how, shape):
    """The pixels that may be shown instead of a spot."""
    places = window(spot, how, shape) - masked(spot, how, shape)
    return places | {spot} if how.manipulator == "uniform_with_centre" else places


def asked(wanted):
    return [tuple(map(int, each)) for each in np.argwhere(~np.isnan(wanted))]


def dense(how):
    return BlindSpot(
        share=0.25, manipulator=how.manipulator, radius=how.radius, axes=how.axes, reach=how.reach
    )


@pytest.mark.parametrize(("shape", "how"), DRAWN, ids=name)
def test_all_allowed_neighbours_of_a_spot_are_equally_likely_and_no_others(shape, how):
    channel, rng, drawn = unique(shape), np.random.default_rng(0), {}
    for _ in range(2000):
        shown, wanted = hide(channel[None], dense(how), rng)
        come_from = sources(shown[0], channel)
        for spot in asked(wanted[0]):
            drawn.setdefault(spot, Counter())[tuple(map(int, come_from[:, *spot]))] += 1
    squares, freedom = 0.0, 0
    for spot in np.ndindex(shape):
        possible = allowed(spot, how, shape)
        assert set(drawn[spot]) == possible
        expected = drawn[spot].total() / len(possible)
        squares += sum((drawn[spot][each] - expected) ** 2 / expected for each in possible)
        freedom += len(possible) - 1
    assert abs(squares - freedom) < 4 * np.sqrt(2 * freedom)


def test_the_row_and_the_column_are_drawn_as_often_as_the_rest():
    channel, rng, offsets = unique((64, 64)), np.random.default_rng(1), Counter()
    for _ in range(60):
        shown, wanted = hide(channel[None], BlindSpot(), rng)
        spots = np.argwhere(~np.isnan(wanted[0]))
        inner = spots[((spots >= 2) & (spots < 62)).all(axis=1)]
        taken = sources(shown[0], channel)[:, inner[:, 0], inner[:, 1]].T - inner
        offsets.update(map(tuple, taken.tolist()))
    assert set(offsets) == set(product(range(-2, 3), repeat=2)) - {(0, 0)}
    expected = offsets.total() / 24
    squares = sum((count - expected) ** 2 / expected for count in offsets.values())
    assert squares < 23 + 4 * np.sqrt(2 * 23)


@pytest.mark.parametrize("shape", [(2, 64, 64), (1, 8, 24, 24)])
@pytest.mark.parametrize("axes", ["", "X"])
def test_a_spot_never_shows_its_own_value_unless_that_is_asked_for(shape, axes):
    pixels, rng = unique(shape), np.random.default_rng(0)
    own = {}
    for manipulator in ("uniform", "uniform_with_centre"):
        how = BlindSpot(manipulator=manipulator, axes=axes, reach=len(axes), radius=1, share=0.25)
        shown, wanted = hide(pixels, how, rng)
        own[manipulator] = (shown == wanted).sum()
    assert own["uniform"] == 0 < own["uniform_with_centre"]


@pytest.mark.parametrize("manipulator", ["median", "mean"])
@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ((12, 9), {}),
        ((3, 3), {"radius": 4}),
        ((9, 12), {"axes": "X", "reach": 3}),
        ((12, 9), {"axes": "YX", "reach": 1}),
        ((4, 7, 6), {"radius": 1}),
        ((4, 7, 6), {"axes": "Z", "reach": 2}),
    ],
)
def test_median_and_mean_are_those_of_the_window_without_what_is_hidden(shape, options, manipulator):
    how = BlindSpot(share=0.25, manipulator=manipulator, **options)
    channel = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    seen = 0
    for seed in range(20):
        shown, wanted = hide(channel[None], how, np.random.default_rng(seed))
        for spot in asked(wanted[0]):
            values = [channel[each] for each in allowed(spot, how, shape)]
            assert shown[0][spot] == pytest.approx(getattr(np, manipulator)(values), abs=1e-6)
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("manipulator", ["uniform", "uniform_with_centre", "median", "mean"])
@pytest.mark.parametrize(
    ("shape", "axes", "reach"),
    [((9, 9), "X", 3), ((9, 7), "YX", 2), ((5, 9, 9), "Y", 2), ((5, 6, 7), "ZYX", 1)],
)
def test_the_lines_through_a_spot_are_hidden_by_neighbours_off_the_lines(shape, axes, reach, manipulator):
    how = BlindSpot(share=0.8 / np.prod(shape), axes=axes, reach=reach, manipulator=manipulator)
    channel, found = unique(shape), set()
    for seed in range(300):
        shown, wanted = hide(channel[None], how, np.random.default_rng(seed))
        spots = asked(wanted[0])
        if len(spots) != 1:
            continue
        hidden = masked(spots[0], how, shape)
        changed = {tuple(map(int, each)) for each in np.argwhere(shown[0] != channel)}
        assert changed - set(spots) == hidden - set(spots)
        come_from = sources(shown[0], channel)
        for place in hidden - set(spots):
            source = tuple(map(int, come_from[:, *place]))
            assert source in window(place, how, shape) - hidden
        found |= set(spots)
    assert len(found) > 50  # in the corners too


@pytest.mark.parametrize("manipulator", ["uniform", "uniform_with_centre", "median", "mean"])
@pytest.mark.parametrize(("shape", "axes"), [((3, 40, 40), ""), ((2, 6, 20, 20), ""), ((2, 40, 40), "YX")])
def test_only_spots_are_asked_for_and_only_what_is_hidden_is_changed(shape, axes, manipulator):
    how = BlindSpot(manipulator=manipulator, axes=axes, reach=2 * bool(axes))
    pixels = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    before = pixels.copy()
    shown, wanted = hide(pixels, how, np.random.default_rng(0))
    np.testing.assert_array_equal(pixels, before)
    assert not np.shares_memory(shown, pixels)
    assert shown.dtype == wanted.dtype == np.float32
    assert shown.shape == wanted.shape == shape
    assert np.isfinite(shown).all()
    for channel, seen, wish in zip(pixels, shown, wanted, strict=True):
        spots = asked(wish)
        assert len(spots) / wish.size == pytest.approx(how.share, rel=0.25)
        assert all(wish[each] == channel[each] for each in spots)
        hidden = set().union(*(masked(each, how, channel.shape) for each in spots))
        changed = {tuple(map(int, each)) for each in np.argwhere(seen != channel)}
        assert changed <= hidden
        assert len(changed) > 0.9 * len(hidden)


def test_channels_have_spots_and_neighbours_of_their_own():
    pixels = np.stack([unique((32, 32)), unique((32, 32)) + 10_000])
    shown, wanted = hide(pixels, BlindSpot(), np.random.default_rng(0))
    assert set(asked(wanted[0])) != set(asked(wanted[1]))
    assert shown[0].max() < 10_000 <= shown[1].min()


@pytest.mark.parametrize("how", [BlindSpot(), BlindSpot(axes="X", reach=3, manipulator="median")])
def test_the_same_numbers_hide_the_same_pixels(how):
    pixels = np.random.default_rng(0).normal(size=(2, 32, 32)).astype(np.float32)
    first, again, other = (hide(pixels, how, np.random.default_rng(seed)) for seed in (5, 5, 6))
    for one, two, three in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one, two)
        assert not np.array_equal(one, three, equal_nan=True)


@pytest.mark.parametrize("manipulator", ["uniform", "uniform_with_centre", "median", "mean"])
def test_a_patch_without_a_spot_is_shown_as_it_is(manipulator):
    how = BlindSpot(share=1e-4, manipulator=manipulator, axes="X", reach=1)
    pixels = unique((1, 4, 4))
    shown, wanted = hide(pixels, how, np.random.default_rng(0))
    np.testing.assert_array_equal(shown, pixels)
    assert np.isnan(wanted).all()


def hide_often(shape, how):
    rng = np.random.default_rng(0)
    for _ in range(50):  # a small patch does not always get a spot
        hide(unique(shape), how, rng)


@pytest.mark.parametrize("manipulator", ["uniform", "median", "mean"])
@pytest.mark.parametrize(("shape", "axes"), [((1, 1, 1), ""), ((1, 1, 9), "X"), ((1, 1, 5, 1), "Y")])
def test_a_window_without_any_neighbour_is_an_error_that_says_so(shape, axes, manipulator):
    how = BlindSpot(share=0.25, manipulator=manipulator, axes=axes, reach=4 * len(axes))
    with pytest.raises(BadInput, match="holds no pixel .*\nuse larger patches"):
        hide_often(shape, how)


def test_a_single_pixel_may_show_itself():
    hide_often((1, 1, 1), BlindSpot(share=0.25, manipulator="uniform_with_centre"))


def test_axes_that_a_patch_does_not_have_are_named():
    how = BlindSpot(axes="ZX", reach=1)
    hide(unique((1, 8, 8, 8)), how, np.random.default_rng(0))
    with pytest.raises(BadInput, match=r"'ZX' in a patch with axes 'YX'"):
        hide(unique((1, 8, 8)), how, np.random.default_rng(0))
    with pytest.raises(BadInput, match="1 spatial axes\n.*channels come first"):
        hide(unique((8, 8)), BlindSpot(), np.random.default_rng(0))
