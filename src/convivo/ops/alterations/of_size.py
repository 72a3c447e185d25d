"""Objects of another size, or of another shape."""

from __future__ import annotations

from convivo.ops.alterations.grey_range import Altered, Random
from convivo.ops.resize import resize, resize_labels
from convivo.types import Labels, Map

SMALLEST = 48  # pixels of a side that is left when an image is made smaller
LARGEST = 640  # and that it may have when it is made larger


def smaller(channel: Map, labels: Labels, rng: Random) -> Altered:
    """A lower magnification: a half to a fifth."""
    return _resized(channel, labels, 1 / rng.uniform(2, 5))


def larger(channel: Map, labels: Labels, rng: Random) -> Altered:
    """A higher magnification."""
    return _resized(channel, labels, rng.uniform(1.7, 4))


def squeezed(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Along one axis alone, to two thirds or a third: long cells, or pixels that are not square."""
    scales = [1.0, 1.0]
    scales[int(rng.integers(0, 2))] = 1 / rng.uniform(1.5, 3)
    return _resized(channel, labels, *scales)


def _resized(channel: Map, labels: Labels, *scales: float) -> Altered:
    along = scales if len(scales) == channel.ndim else scales * channel.ndim
    part = tuple(slice(0, int(LARGEST / scale)) for scale in along)
    channel, labels = channel[part], labels[part]
    shape = tuple(
        max(SMALLEST, round(length * scale)) for length, scale in zip(channel.shape, along, strict=True)
    )
    return resize(channel[None], shape)[0], resize_labels(labels, shape)
