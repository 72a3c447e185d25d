"""First aid for an image that a model does not know, each as Fiji or a pair of hands would do it, to be tried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.restoration import ellipsoid_kernel, rolling_ball

from convivo.ops.resize import resize
from convivo.types import AnyArray, Map

BALL = 50  # pixels: the radius that Fiji proposes
SHRUNK = 5  # times: so large a ball is rolled under an image of block minima, in a moment instead of a second
AROUND = 3  # pixels around a bright spot that go with it


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is done to a (Y, X) channel, how that is said, and what a person has to do."""

    name: str
    done: str
    advice: str
    apply: Callable[[Map], AnyArray]


def _inverted(channel: Map) -> AnyArray:
    return np.asarray(channel.max() - channel)


def _without_background(channel: Map) -> AnyArray:
    """Sternberg's rolling ball (1983); grey values are scaled to those of an image of 8 bits, as ImageJ has it.

    As there, a large ball rolls under a smaller image, in which each pixel is the least of a block.
    """
    unit = max(float(np.ptp(channel)), float(np.finfo(np.float32).tiny)) / 255
    small = _block_minima(channel / unit)
    ball = ellipsoid_kernel((2 * BALL // SHRUNK,) * 2, BALL)
    below = resize(rolling_ball(small, kernel=ball)[None], tuple(SHRUNK * side for side in small.shape))[0]
    return np.asarray(channel - unit * below[tuple(map(slice, channel.shape))])


def _block_minima(channel: AnyArray) -> AnyArray:
    """Of blocks of SHRUNK pixels a side; those at the ends may be smaller."""
    padded = np.pad(channel, [(0, -length % SHRUNK) for length in channel.shape], mode="edge")
    rows, columns = (length // SHRUNK for length in padded.shape)
    return np.asarray(padded.reshape(rows, SHRUNK, columns, SHRUNK).min(axis=(1, 3)))


def _without_brightest(channel: Map) -> AnyArray:
    """All that is brighter than half of the brightest becomes as bright as the median."""
    middle = float(np.median(channel))
    bright = channel > (channel.max() + middle) / 2
    return np.where(ndimage.binary_dilation(bright, iterations=AROUND), middle, channel)


REMEDIES: tuple[Remedy, ...] = (
    Remedy("invert", "inverted", "invert the image first (Fiji: Edit > Invert)", _inverted),
    Remedy(
        "background",
        "with its background subtracted",
        "subtract the background first (Fiji: Process > Subtract Background)",
        _without_background,
    ),
    Remedy(
        "brightest",
        "with its brightest spot masked",
        "cut the bright spot out, or mask it, before predicting",
        _without_brightest,
    ),
)
