"""What the camera does to an image."""

from __future__ import annotations

import numpy as np

from convivo.ops.alterations.grey_range import Altered, Random, grey_range
from convivo.types import Labels, Map


def dim(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Few photons: from 40 down to less than one for a bright pixel, and read noise of one."""
    photons = 2 ** rng.uniform(-1, 5.3)
    dark, span = grey_range(channel)
    caught = rng.poisson(np.maximum(channel - dark, 0) / span * photons) + rng.normal(size=channel.shape)
    return caught.astype(np.float32), labels


def saturated(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Exposed too long: all that is brighter than a part of the range is white."""
    dark, span = grey_range(channel)
    return np.minimum(channel, dark + span * 2 ** rng.uniform(-6, -1)), labels


def striped(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Rows with an offset of their own."""
    offsets = rng.normal(0, rng.uniform(0.03, 0.5) * grey_range(channel)[1], (len(channel), 1))
    return channel + offsets.astype(np.float32), labels


def coarse(channel: Map, labels: Labels, rng: Random) -> Altered:
    """A handful of grey levels."""
    dark, span = grey_range(channel)
    levels = int(rng.integers(2, 12))
    return np.round(np.clip((channel - dark) / span, 0, 1) * levels).astype(np.float32), labels


def peppered(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Hot pixels."""
    hot = rng.random(channel.shape) < 10 ** rng.uniform(-3.5, -1.5)
    return np.where(hot, channel.max() * 2, channel), labels
