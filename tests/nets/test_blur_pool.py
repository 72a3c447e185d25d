"""Pooling that smooths, against the same in plain loops, and against what it is for: an image moved by a pixel."""

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from convivo.nets.blur_pool import MaxBlurPool


def slowly(image):
    """Largest of two, [1 2 1] / 4 and every second, position by position; nothing lies beyond the end."""
    axes = image.ndim
    windows = product(range(2), repeat=axes)
    largest = np.full(image.shape, -np.inf)
    for offset, place in product(list(windows), np.ndindex(image.shape)):
        seen = tuple(np.add(place, offset))
        if all(i < length for i, length in zip(seen, image.shape, strict=True)):
            largest[place] = max(largest[place], image[seen])
    pooled = np.zeros([length // 2 for length in image.shape])
    for place, offset in product(np.ndindex(pooled.shape), product(range(3), repeat=axes)):
        seen = tuple(2 * np.array(place) + offset)
        if all(i < length for i, length in zip(seen, image.shape, strict=True)):
            pooled[place] += largest[seen] * np.prod([(1, 2, 1)[i] / 4 for i in offset])
    return pooled


@pytest.mark.parametrize("shape", [(2, 2), (6, 8), (2, 4, 6)])
def test_each_channel_is_pooled_as_in_plain_loops_borders_too(shape):
    x = np.random.default_rng(0).normal(size=(2, 3, *shape))  # also below zero, where a zero border would win
    pooled = MaxBlurPool(len(shape), 3).double()(torch.from_numpy(x)).numpy()
    for image, channel in np.ndindex(2, 3):
        np.testing.assert_allclose(pooled[image, channel], slowly(x[image, channel]), atol=1e-12)


def test_a_constant_stays_one_but_for_the_end():
    pooled = MaxBlurPool(2, 1)(torch.full((1, 1, 8, 8), -3.0))[0, 0]
    assert torch.equal(pooled[:-1, :-1], torch.full((3, 3), -3.0))
    assert torch.equal(pooled[-1, :-1], torch.full((3,), -2.25))  # a quarter of the window is missing


def test_it_learns_nothing_and_keeps_its_kernel_with_the_weights():
    layer = MaxBlurPool(2, 5)
    assert not list(layer.parameters())
    assert layer.state_dict()["smoothing"].shape == (5, 1, 3, 3)
    assert layer.smoothing[0].sum() == 1


def test_an_image_moved_by_a_pixel_changes_the_map_less_than_behind_a_plain_pooling():
    rows = torch.randn(1, 1, 64, 65, generator=torch.manual_seed(0))

    def change(layer):
        here, there = layer(rows[..., :-1]), layer(rows[..., 1:])
        inside = (..., slice(2, -2), slice(2, -2))
        return float((here - there)[inside].std() / here[inside].std())

    assert change(MaxBlurPool(2, 1)) < 0.8 * change(nn.MaxPool2d(2))


@pytest.mark.parametrize("dimensions", [2, 3])
def test_an_image_moved_by_two_pixels_moves_the_map_by_one(dimensions):
    x = torch.randn(1, 2, *(16,) * dimensions, generator=torch.manual_seed(0))
    layer = MaxBlurPool(dimensions, 2)
    here, there = layer(x), layer(x[..., 2:])
    torch.testing.assert_close(here[..., 1:-1], there[..., :-1])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_engines_trace_it_without_a_warning():
    torch.jit.trace(MaxBlurPool(2, 3), torch.zeros(1, 3, 8, 8))
