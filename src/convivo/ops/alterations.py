"""Ways in which an image comes to differ from those that a model knows, each with its truth.

A model is tried on altered copies of images whose truth is known (`run/stress.py`): what it scores on them tells what a
difference costs. Each alteration has a strength drawn for each image, from harmless to ruinous.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from scipy import ndimage

from convivo.ops.resize import resize, resize_labels
from convivo.types import AnyArray, Labels, Map

Random = np.random.Generator
Altered = tuple[Map, Labels]
SMALLEST = 48  # pixels of a side that is left when an image is made smaller
LARGEST = 640  # and that it may have when it is made larger


def smaller(channel: Map, labels: Labels, rng: Random) -> Altered:
    """A lower magnification: a half to a fifth."""
    return _resized(channel, labels, 1 / rng.uniform(2, 5))


def larger(channel: Map, labels: Labels, rng: Random) -> Altered:
    """A higher magnification."""
    return _resized(channel, labels, rng.uniform(1.7, 4))


def blurred(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Out of focus; the camera's noise comes after the lens and stays."""
    noise = channel - ndimage.gaussian_filter(channel, 1)
    return ndimage.gaussian_filter(channel, rng.uniform(2, 9)) + noise * rng.integers(0, 2), labels


def smeared(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Moved during the exposure, along X or Y."""
    return ndimage.uniform_filter1d(channel, int(rng.integers(9, 40)), axis=int(rng.integers(0, 2))), labels


def dim(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Few photons: from 40 down to less than one for a bright pixel, and read noise of one."""
    photons = 2 ** rng.uniform(-1, 5.3)
    dark, span = _range(channel)
    caught = rng.poisson(np.maximum(channel - dark, 0) / span * photons) + rng.normal(size=channel.shape)
    return caught.astype(np.float32), labels


def inverted(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Dark objects on a bright background."""
    return channel.max() - channel, labels


def uneven(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Light that grows from one side to the other."""
    ramp = np.linspace(0, rng.uniform(0.3, 2), channel.shape[1], dtype=np.float32)
    return channel + _range(channel)[1] * (ramp if rng.integers(0, 2) else ramp[::-1]), labels


def saturated(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Exposed too long: all that is brighter than a part of the range is white."""
    dark, span = _range(channel)
    return np.minimum(channel, dark + span * 2 ** rng.uniform(-6, -1)), labels


def striped(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Rows with an offset of their own."""
    offsets = rng.normal(0, rng.uniform(0.03, 0.5) * _range(channel)[1], (len(channel), 1))
    return channel + offsets.astype(np.float32), labels


def coarse(channel: Map, labels: Labels, rng: Random) -> Altered:
    """A handful of grey levels."""
    dark, span = _range(channel)
    levels = int(rng.integers(2, 12))
    return np.round(np.clip((channel - dark) / span, 0, 1) * levels).astype(np.float32), labels


def peppered(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Hot pixels."""
    hot = rng.random(channel.shape) < 10 ** rng.uniform(-3.5, -1.5)
    return np.where(hot, channel.max() * 2, channel), labels


def clouded(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Structure of the size of objects that is none: haze, out-of-focus light, correlated noise."""
    cloud = ndimage.gaussian_filter(rng.normal(size=channel.shape), rng.uniform(2, 12))
    return channel + (rng.uniform(0.1, 0.6) * _range(channel)[1] / cloud.std() * cloud).astype(
        np.float32
    ), labels


def littered(channel: Map, labels: Labels, rng: Random) -> Altered:
    """A speck of dust that outshines everything."""
    shape = np.array(channel.shape)
    centre, radius = rng.uniform(0, 1, 2) * shape, rng.uniform(0.03, 0.1) * shape.min()
    rows, columns = np.indices(channel.shape)
    inside = np.hypot(rows - centre[0], columns - centre[1]) < radius
    return np.where(inside, channel.max() * rng.uniform(3, 40), channel), labels


ALTERATIONS: Mapping[str, Callable[[Map, Labels, Random], Altered]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            smaller, larger, blurred, smeared, dim, inverted, uneven, saturated, striped, coarse, peppered,
            clouded, littered,
        )
    }
)  # fmt: skip


def altered(kind: str, channel: AnyArray, labels: Labels, rng: Random) -> Altered:
    """An altered copy of a (Y, X) channel with its labels, in float32; `kind` is a name of ALTERATIONS."""
    image, truth = ALTERATIONS[kind](np.asarray(channel, np.float32), labels, rng)
    return np.asarray(image, np.float32), truth


def _range(channel: Map) -> tuple[float, float]:
    """Dark value and range, as normalisation takes them."""
    dark, bright = np.percentile(channel, (1, 99.8))
    return float(dark), max(float(bright - dark), float(np.finfo(np.float32).eps))


def _resized(channel: Map, labels: Labels, scale: float) -> Altered:
    part = tuple(slice(0, int(LARGEST / scale)) for _ in channel.shape)
    channel, labels = channel[part], labels[part]
    shape = tuple(max(SMALLEST, round(length * scale)) for length in channel.shape)
    return resize(channel[None], shape)[0], resize_labels(labels, shape)
