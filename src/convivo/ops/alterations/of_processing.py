"""What programs do to an image before anybody thinks of a net."""

from __future__ import annotations

import numpy as np
from scipy import fft, ndimage

from convivo.ops.alterations.grey_range import Altered, Random, grey_range
from convivo.types import Labels, Map

BLOCK = 8  # pixels of a side, within which an image is compressed


def inverted(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Dark objects on a bright background."""
    return channel.max() - channel, labels


def bent(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Another gamma: dark parts brighter, or darker."""
    dark, span = grey_range(channel)
    return np.clip((channel - dark) / span, 0, None) ** np.float32(2 ** rng.uniform(-2, 2)), labels


def smoothed(channel: Map, labels: Labels, rng: Random) -> Altered:
    """A median filter, which keeps outlines and takes noise and grains away."""
    return ndimage.median_filter(channel, 2 * int(rng.integers(1, 5)) + 1), labels


def sharpened(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Outlines overdrawn."""
    return channel + rng.uniform(1, 6) * (
        channel - ndimage.gaussian_filter(channel, rng.uniform(1, 3))
    ), labels


def compressed(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Saved as JPEG, with blocks that show: cosines within them are rounded."""
    padded = np.pad(channel, [(0, -length % BLOCK) for length in channel.shape], mode="edge")
    rows, columns = (length // BLOCK for length in padded.shape)
    blocks = padded.reshape(rows, BLOCK, columns, BLOCK)
    waves = fft.dctn(blocks, axes=(1, 3), norm="ortho")
    step = grey_range(channel)[1] * 2 ** rng.uniform(-4, 0.5)
    back = fft.idctn(np.round(waves / step) * step, axes=(1, 3), norm="ortho").reshape(padded.shape)
    return back[tuple(slice(0, length) for length in channel.shape)], labels
