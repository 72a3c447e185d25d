"""Tiles cover, fit, and give what the whole gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from convivo.errors import BadInput
from convivo.ops.tiling import pad_to_stride, padded_before, part_side, tiles, window

multiples = st.integers(1, 12)


@given(
    cells=st.tuples(multiples, multiples),
    size=multiples,
    halo=st.integers(0, 20),
    stride=st.sampled_from([1, 2, 4]),
)
@settings(max_examples=200, deadline=None)
def test_cores_cover_every_pixel_once_and_keep_their_distance(cells, size, halo, stride):
    shape = (cells[0] * stride, cells[1] * stride)
    visits = np.zeros(shape, int)
    for tile in tiles(shape, size * stride, halo, stride):
        visits[tile.core] += 1
        for axis, length in enumerate(shape):
            read, core, crop = tile.read[axis], tile.core[axis], tile.crop[axis]
            assert read.start % stride == 0
            assert read.stop - read.start == window(shape, size * stride, halo, stride)[axis]
            assert (core.start - read.start, core.stop - read.start) == (crop.start, crop.stop)
            assert read.start == 0 or core.start - read.start >= halo
            assert read.stop == length or read.stop - core.stop >= halo
    assert (visits == 1).all()


@given(
    shape=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    size=st.integers(1, 9),
    radius=st.integers(0, 3),
    seed=st.integers(0, 99),
)
@settings(max_examples=100, deadline=None)
def test_a_filter_in_tiles_equals_the_filter_of_the_whole(shape, size, radius, seed):
    image = np.random.default_rng(seed).normal(size=shape)
    blur = lambda part: ndimage.uniform_filter(part, 2 * radius + 1, mode="constant")
    assembled = np.full(shape, np.nan)
    for tile in tiles(shape, size, halo=radius):
        assembled[tile.core] = blur(image[tile.read])[tile.crop]
    np.testing.assert_allclose(assembled, blur(image), atol=1e-12)


def test_a_size_off_the_stride_names_the_two_nearest():
    with pytest.raises(BadInput) as caught:
        list(tiles((64, 64), 100, halo=3, stride=16))
    assert "100" in caught.value.problem
    assert "96 or 112" in caught.value.fix
    with pytest.raises(BadInput, match="use 16 or 32"):
        list(tiles((64, 64), 5, stride=16))


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 3, 17), (2, 1, 9), (1, 16, 32)])
def test_padding_reaches_the_stride_and_leaves_the_image_where_it_was(shape):
    pixels = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    padded = pad_to_stride(pixels, 16)
    assert all(length % 16 == 0 for length in padded.shape[1:])
    assert np.array_equal(padded[:, : shape[1], : shape[2]], pixels)


def test_each_axis_is_padded_to_its_own_stride():
    pixels = np.arange(2 * 9 * 9, dtype=np.float32).reshape(2, 9, 9)
    padded = pad_to_stride(pixels, (4, 8))
    assert padded.shape == (2, 12, 16)
    assert np.array_equal(padded[:, 9:, :9], pixels[:, 7:4:-1])


@pytest.mark.parametrize("halo", [0, 5, 24])
@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_part_side_gives_the_number_of_tiles_asked_for(parts, halo):
    """Where strides are long, there may be fewer."""
    side = part_side(640, parts, halo, 8)
    every = list(tiles((640,), side, halo, 8))
    assert len(every) == parts
    assert parts == 1 or len(list(tiles((640,), side - 8, halo, 8))) > parts


@pytest.mark.parametrize("lengths", [(16, 16), (9, 30), (1, 17), (2, 3), (5, 31, 7)])
def test_padding_at_both_sides_puts_the_smaller_half_in_front(lengths):
    pixels = np.random.default_rng(0).normal(size=(2, *lengths))
    strides = (8,) * len(lengths)
    padded = pad_to_stride(pixels, strides, both_sides=True)
    before = padded_before(lengths, strides)
    assert all(length % 8 == 0 for length in padded.shape[1:])
    inside = tuple(slice(front, front + length) for front, length in zip(before, lengths, strict=True))
    assert np.array_equal(padded[:, *inside], pixels)
    for front, length, whole in zip(before, lengths, padded.shape[1:], strict=True):
        assert whole - length - 2 * front in (0, 1)
        assert whole - length < 8


def test_what_is_padded_at_both_sides_is_the_image_mirrored():
    pixels = np.arange(9, dtype=np.float32).reshape(1, 1, 9)
    padded = pad_to_stride(np.repeat(pixels, 4, axis=1), 4, both_sides=True)
    assert padded[0, 0].tolist() == [1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 7, 6]
    assert pad_to_stride(pixels[..., :8], (1, 4), both_sides=True).shape == (1, 1, 8)
