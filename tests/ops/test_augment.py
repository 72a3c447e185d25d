"""Image and targets turn together, and targets are never made up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.ops.augment import NONE, Augmentation, empty_field, patch

QUARTERS = Augmentation(interpolated=0, brightness=0, offset=0, noise=0)
FREE = Augmentation(interpolated=1, scale=0.2, brightness=0, offset=0, noise=0)
seeds = st.integers(0, 10_000)


def _rng(seed):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", ["interpolated", "scale", "brightness", "offset", "noise", "empty"])
def test_numbers_that_mean_nothing_are_refused(name):
    shares = ("interpolated", "empty")
    for value in (-2, float("nan"), 5 if name in shares else float("inf")):
        with pytest.raises(BadInput, match=f"{name} {value}") as caught:
            Augmentation(**{name: value})
        assert caught.value.fix
    for value in (0, 1):
        assert getattr(Augmentation(**{name: value}), name) == value


@given(
    seed=seeds,
    shape=st.tuples(st.integers(12, 20), st.integers(12, 20)),
    side=st.integers(1, 10),
    corner=st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
@settings(max_examples=80, deadline=None)
def test_a_quarter_turn_is_the_crop_turned_and_mirrored_pixel_by_pixel(seed, shape, side, corner):
    image = _rng(seed).normal(size=(1, *shape)).astype(np.float32)
    centre = tuple(first + side // 2 for first in corner)
    shown, wanted = patch(image, image, centre, (side, side), QUARTERS, _rng(seed))
    crop = image[0, corner[0] : corner[0] + side, corner[1] : corner[1] + side]
    turned = [np.rot90(each, k) for each in (crop, crop[::-1]) for k in range(4)]
    assert any(np.array_equal(shown[0], each) for each in turned)
    assert np.array_equal(shown, wanted)


def test_all_eight_turns_of_a_square_occur_equally_often():
    image = np.arange(16, dtype=np.float32).reshape(1, 4, 4)
    rng = _rng(0)
    seen = [patch(image, image, (2, 2), (4, 4), QUARTERS, rng)[0].tobytes() for _ in range(800)]
    counts = np.unique(seen, return_counts=True)[1]
    assert len(counts) == 8
    assert counts.min() > 60


@given(seed=seeds)
@settings(max_examples=40, deadline=None)
def test_pixels_and_targets_turn_together_by_any_angle_and_scale(seed):
    y, x = np.indices((80, 80), np.float32)
    place = np.stack([y, x])  # each target pixel says where it came from
    shown, wanted = patch(place, place, (40, 38), (24, 16), FREE, _rng(seed))
    assert np.abs(shown - wanted).max() <= 0.5 + 1e-3
    step = shown[:, 1:, :] - shown[:, :-1, :]
    lengths = np.hypot(*step)
    assert lengths.std() < 1e-3
    assert 1 / 1.2 - 1e-3 <= lengths.mean() <= 1.2 + 1e-3
    middle = shown.mean(axis=(1, 2))
    np.testing.assert_allclose(middle, [39.5, 37.5], atol=1e-2)


@given(seed=seeds, share=st.sampled_from([0.0, 0.5, 1.0]))
@settings(max_examples=60, deadline=None)
def test_targets_are_only_ever_picked_and_unknown_stays_unknown(seed, share):
    rng = _rng(seed)
    targets = rng.choice([0, 1, 2, 7, np.nan], size=(2, 30, 30)).astype(np.float32)
    how = Augmentation(interpolated=share)
    pixels = np.zeros((1, 30, 30), np.float32)
    _, wanted = patch(pixels, targets, (15, 15), (16, 16), how, rng)
    known = np.isfinite(wanted)
    assert np.isin(wanted[known], [0, 1, 2, 7]).all()
    assert not known.all()
    _, nothing = patch(pixels, np.full_like(targets, np.nan), (15, 15), (16, 16), how, rng)
    assert np.isnan(nothing).all()


def test_unknown_pixels_stay_where_they_are():
    targets = np.zeros((1, 40, 40), np.float32)
    targets[0, :, 20:] = np.nan
    pixels = np.where(np.isnan(targets), np.float32(1), np.float32(0))
    for seed in range(20):
        shown, wanted = patch(pixels, targets, (20, 20), (20, 20), FREE, _rng(seed))
        clear = np.abs(shown - 0.5) > 0.49
        assert np.array_equal(np.isnan(wanted)[clear], shown[clear] > 0.5)


@pytest.mark.parametrize("how", [Augmentation(), QUARTERS, FREE, NONE])
def test_the_same_generator_gives_the_same_patch_and_leaves_the_image_alone(how):
    image = _rng(1).normal(size=(2, 40, 40)).astype(np.float32)
    before = image.copy()
    first = patch(image, image[:1], (20, 20), (16, 16), how, _rng(9))
    again = patch(image, image[:1], (20, 20), (16, 16), how, _rng(9))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert np.array_equal(image, before)


@pytest.mark.parametrize("how", [QUARTERS, FREE])
def test_slices_of_a_stack_are_mirrored_but_never_mixed(how):
    stack = np.broadcast_to(np.arange(7, dtype=np.float32)[None, :, None, None], (1, 7, 30, 30)).copy()
    orders = set()
    for seed in range(12):
        shown, wanted = patch(stack, stack, (3, 15, 15), (5, 12, 12), how, _rng(seed))
        column = shown[0, :, 0, 0]
        np.testing.assert_allclose(
            shown, np.broadcast_to(column[None, :, None, None], shown.shape), atol=1e-4
        )
        assert np.array_equal(np.round(shown), wanted)
        orders.add(tuple(np.round(column).astype(int)))
    assert orders == {(1, 2, 3, 4, 5), (5, 4, 3, 2, 1)}


@given(seed=seeds, shape=st.tuples(st.integers(1, 9), st.integers(1, 9)))
@settings(max_examples=40, deadline=None)
def test_a_patch_larger_than_the_image_shows_the_image_mirrored(seed, shape):
    image = 1 + _rng(seed).random((1, *shape), np.float32)
    centre = tuple(length // 2 for length in shape)
    shown, wanted = patch(
        image, image, centre, (16, 16), Augmentation(noise=0, brightness=0, offset=0), _rng(seed)
    )
    assert shown.shape == wanted.shape == (1, 16, 16)
    assert np.isin(wanted, image).all()
    assert image.min() - 1e-5 <= shown.min()
    assert shown.max() <= image.max() + 1e-5


def test_brightness_offset_and_noise_keep_their_limits_and_spare_the_targets():
    image = np.ones((1, 64, 64), np.float32)
    how = Augmentation(interpolated=0, brightness=0.3, offset=0.05, noise=0.03)
    means, spreads = [], []
    for seed in range(150):
        shown, wanted = patch(image, image, (32, 32), (64, 64), how, _rng(seed))
        assert (wanted == 1).all()
        means.append(shown.mean())
        spreads.append(shown.std())
    assert 1 / 1.3 - 0.055 < min(means) < 0.85
    assert 1.2 < max(means) < 1.355
    assert max(spreads) < 0.032
    assert max(spreads) > 0.02


@pytest.mark.parametrize("shape", [(1, 64, 48), (2, 8, 32, 40)])
def test_an_empty_field_is_noise_on_an_uneven_background(shape):
    fields = [empty_field(shape, _rng(seed)) for seed in range(60)]
    assert all(field.shape == shape and field.dtype == np.float32 for field in fields)
    assert max(np.ptp(field) for field in fields) < 4.5  # two slopes, and the noisiest of noise
    rough = [np.diff(field, axis=-1).std() / field.std() for field in fields]
    assert min(rough) < 0.4 < 0.9 < max(rough)  # from grainy or only sloping to pixel by pixel
