"""First aid for an image that a model does not know, each as Fiji or a pair of hands would do it, to be tried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.restoration import rolling_ball

from convivo.types import AnyArray, Map

BALL = 50  # pixels: the radius that Fiji proposes
AROUND = 3  # pixels around a bright spot that go with it


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is done to a (Y, X) channel, how that is said, and what a person has to do."""

    done: str
    advice: str
    apply: Callable[[Map], AnyArray]


def _inverted(channel: Map) -> AnyArray:
    return np.asarray(channel.max() - channel)


def _without_background(channel: Map) -> AnyArray:
    """Sternberg's rolling ball (1983), as ImageJ has it; grey values are scaled to those of an image of 8 bits."""
    unit = max(float(np.ptp(channel)), float(np.finfo(np.float32).tiny)) / 255
    return np.asarray(channel - unit * rolling_ball(channel / unit, radius=BALL))


def _without_brightest(channel: Map) -> AnyArray:
    """All that is brighter than half of the brightest becomes as bright as the median."""
    middle = float(np.median(channel))
    bright = channel > (channel.max() + middle) / 2
    return np.where(ndimage.binary_dilation(bright, iterations=AROUND), middle, channel)


REMEDIES: tuple[Remedy, ...] = (
    Remedy("inverted", "invert the image first (Fiji: Edit > Invert)", _inverted),
    Remedy(
        "with its background subtracted",
        "subtract the background first (Fiji: Process > Subtract Background)",
        _without_background,
    ),
    Remedy(
        "with its brightest spot masked",
        "cut the bright spot out, or mask it, before predicting",
        _without_brightest,
    ),
)
