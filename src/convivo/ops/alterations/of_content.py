"""Something else is in the image than what was to be found."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from convivo.ops.alterations.grey_range import Altered, Random
from convivo.types import Labels, Map

NEAR = 3  # pixels around an object that belong to it when it is painted over


def littered(channel: Map, labels: Labels, rng: Random) -> Altered:
    """A speck of dust that outshines everything."""
    shape = np.array(channel.shape)
    centre, radius = rng.uniform(0, 1, 2) * shape, rng.uniform(0.03, 0.1) * shape.min()
    rows, columns = np.indices(channel.shape)
    inside = np.hypot(rows - centre[0], columns - centre[1]) < radius
    return np.where(inside, channel.max() * rng.uniform(3, 40), channel), labels


def emptied(channel: Map, labels: Labels, rng: Random) -> Altered:
    """Every object painted over with pixels of the background: nothing is there to be found."""
    objects = ndimage.binary_dilation(labels > 0, iterations=NEAR)
    if objects.all():
        return channel, labels
    shown = channel.copy()
    shown[objects] = rng.choice(channel[~objects], int(objects.sum()))
    return shown, np.zeros_like(labels)


def scrambled(channel: Map, labels: Labels, rng: Random) -> Altered:
    """The same waves with phases of noise: as coarse and as bright, and nothing of it is an object."""
    waves = np.abs(np.fft.rfft2(channel))
    phases = np.angle(np.fft.rfft2(rng.normal(size=channel.shape)))
    phases[0, 0] = 0
    shown = np.fft.irfft2(waves * np.exp(1j * phases), channel.shape)
    return shown.astype(np.float32), np.zeros_like(labels)
