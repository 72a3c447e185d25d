"""What lenses, light and staining do to an image before the camera sees it."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from convivo.ops.alterations.grey_range import Altered, Random, grey_range
from convivo.types import Labels, Map


def blurred(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Out of focus; the camera's noise comes after the lens and stays."""
    noise = channel - ndimage.gaussian_filter(channel, 1)
    return ndimage.gaussian_filter(channel, rng.uniform(2, 9)) + noise * rng.integers(0, 2), labels


def smeared(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Moved during the exposure, along X or Y."""
    return ndimage.uniform_filter1d(channel, int(rng.integers(9, 40)), axis=int(rng.integers(0, 2))), labels


def uneven(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Light that grows from one side to the other."""
    ramp = np.linspace(0, rng.uniform(0.3, 2), channel.shape[1], dtype=np.float32)
    return channel + grey_range(channel)[1] * (ramp if rng.integers(0, 2) else ramp[::-1]), labels


def clouded(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Structure of the size of objects that is none: haze, out-of-focus light, correlated noise."""
    cloud = ndimage.gaussian_filter(rng.normal(size=channel.shape), rng.uniform(2, 12))
    return channel + (rng.uniform(0.1, 0.6) * grey_range(channel)[1] / cloud.std() * cloud).astype(
        np.float32
    ), labels


def veiled(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Light from above and below the focus, as in thick samples."""
    veil = ndimage.gaussian_filter(channel, rng.uniform(5, 25))
    return channel + rng.uniform(0.5, 4) * veil, labels


def shaded(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Bright in the middle and dark in the corners, down to a twentieth."""
    dark, _ = grey_range(channel)
    rows, columns = (np.linspace(-1, 1, length) for length in channel.shape)
    light = rng.uniform(1.5, 20) ** (-(rows[:, None] ** 2 + columns[None] ** 2) / 2)
    return dark + (channel - dark) * light.astype(np.float32), labels


def haloed(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Dark rings around bright objects, as in phase contrast."""
    return channel - rng.uniform(0.6, 1.2) * ndimage.gaussian_filter(channel, rng.uniform(3, 10)), labels


def outlined(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Outlines alone are bright, as in membranes."""
    return ndimage.gaussian_gradient_magnitude(channel, rng.uniform(1, 3)), labels


def unequal(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Every object has a brightness of its own, down to a thirtieth of what it was."""
    dark, _ = grey_range(channel)
    factors = 2 ** -rng.uniform(0, rng.uniform(1, 5), int(labels.max(initial=0)) + 1)
    factors[0] = 1
    return dark + (channel - dark) * factors[np.maximum(labels, 0)].astype(np.float32), labels


def textured(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Grains within objects, as another stain shows them."""
    dark, _ = grey_range(channel)
    grain = ndimage.gaussian_filter(rng.normal(size=channel.shape), rng.uniform(0.7, 3))
    return dark + (channel - dark) * np.exp2(rng.uniform(0.3, 2) / grain.std() * grain).astype(
        np.float32
    ), labels
