"""Grids change, pixel centres stay where they belong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.ops.resize import resize, resize_labels, scaled_shape

shapes = st.lists(st.integers(1, 12), min_size=2, max_size=3).map(tuple)


@given(shape=shapes, seed=st.integers(0, 99), data=st.data())
@settings(max_examples=80, deadline=None)
def test_each_label_is_the_one_under_the_centre(shape, seed, data):
    labels = np.random.default_rng(seed).integers(-1, 9, size=shape)
    new = data.draw(st.tuples(*(st.integers(1, 20) for _ in shape)))
    out = resize_labels(labels, new)
    assert out.shape == new
    for _ in range(5):
        where = data.draw(st.tuples(*(st.integers(0, side - 1) for side in new)))
        # in whole numbers: the centre of pixel i of n lies at (2 i + 1) / 2 n of the image
        under = tuple((2 * i + 1) * old // (2 * side) for i, old, side in zip(where, shape, new, strict=True))
        assert out[where] == labels[under]


@given(shape=shapes, factors=st.tuples(*[st.integers(1, 4)] * 3), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_labels_enlarged_by_whole_factors_are_repeated_and_come_back(shape, factors, seed):
    labels = np.random.default_rng(seed).integers(0, 9, size=shape).astype(np.uint16)
    large = resize_labels(labels, tuple(side * factor for side, factor in zip(shape, factors, strict=False)))
    assert np.array_equal(large, np.kron(labels, np.ones(factors[: len(shape)], np.uint16)))
    back = resize_labels(large, shape)
    assert np.array_equal(back, labels)
    assert back.dtype == labels.dtype


@given(shape=shapes, value=st.floats(-1000, 1000, width=32), data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_constant_image_stays_constant(shape, value, data):
    new = data.draw(st.tuples(*(st.integers(1, 20) for _ in shape)))
    out = resize(np.full((2, *shape), value, np.float32), new)
    assert out.shape == (2, *new)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, value, rtol=1e-5)


@given(old=st.integers(10, 40), new=st.integers(5, 80))
@settings(max_examples=40, deadline=None)
def test_a_ramp_keeps_its_value_at_every_place(old, new):
    ramp = np.broadcast_to((np.arange(old) + 0.5) / old, (1, 12, old)).astype(np.float32)
    out = resize(ramp, (12, new))
    expected = (np.arange(new) + 0.5) / new
    margin = 1.5 / old + 4 / new
    inner = (expected > margin) & (expected < 1 - margin)
    np.testing.assert_allclose(out[0, 3][inner], expected[inner], atol=2e-3)


def test_shrinking_averages_what_it_cannot_show():
    fine = np.indices((63, 63)).sum(axis=0)[None].astype(np.float32) % 2
    out = resize(fine, (21, 21))  # new centres lie on old ones: picking would show 0 or 1
    np.testing.assert_allclose(out[0, 3:-3, 3:-3], 0.5, atol=0.1)


def test_channels_do_not_mix_and_an_equal_grid_changes_nothing():
    pixels = np.random.default_rng(0).normal(size=(2, 9, 11)).astype(np.float32)
    assert np.array_equal(resize(pixels, (9, 11)), pixels)
    both = resize(pixels, (20, 5))
    np.testing.assert_array_equal(both[1:], resize(pixels[1:], (20, 5)))
    labels = np.arange(6).reshape(2, 3)
    assert np.array_equal(resize_labels(labels, (2, 3)), labels)


@pytest.mark.parametrize(
    ("shape", "scale", "wanted"),
    [
        ((100, 60), 0.5, (50, 30)),
        ((7, 100, 60), 2, (7, 200, 120)),
        ((1, 3), 0.02, (1, 1)),
        ((10, 10), 50, (500, 500)),
        ((33, 33), 1, (33, 33)),
    ],
)
def test_the_scaled_grid_leaves_slices_alone_and_never_vanishes(shape, scale, wanted):
    assert scaled_shape(shape, scale) == wanted


@pytest.mark.parametrize("scale", [0, 0.019, 51, -1, float("nan"), float("inf")])
def test_a_scale_out_of_reason_is_named(scale):
    with pytest.raises(BadInput, match=f"scale {scale:g}"):
        scaled_shape((10, 10), scale)
