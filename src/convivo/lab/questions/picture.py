"""The picture that the explorables show: a window of an image, in grey."""

from __future__ import annotations

import msgspec
import numpy as np

from convivo.lab import shelf
from convivo.lab.questions.question import Question
from convivo.lab.window import Window
from convivo.types import AnyArray, Labels, Pixels

LOOKED_AT = 1_000_000  # pixels that say what is black and what is white


class Picture(msgspec.Struct, frozen=True):
    """A window of an image."""

    image: str
    name: str
    pixels: Pixels  # (Y, X), in the image's own units
    truth: Labels | None  # (Y, X), where the image was simulated and so every nucleus is known
    low: float  # the grey value to show as black: the 0.1th percentile of the image
    high: float  # and as white: the 99.9th
    y: int  # upper left pixel of the window in the image
    x: int
    height: int  # of the whole image
    width: int


def picture(window: Window) -> Picture:
    """The window that is asked for."""
    cut = shelf.cut(window)
    low, high = _range(cut.source.pixels)
    height, width = cut.source.pixels.shape
    return Picture(
        window.image,
        cut.source.name,
        cut.pixels,
        cut.truth,
        low,
        high,
        cut.top,
        cut.left,
        height,
        width,
    )


def _range(pixels: AnyArray) -> tuple[float, float]:
    step = max(1, round((pixels.size / LOOKED_AT) ** 0.5))
    low, high = np.percentile(pixels[::step, ::step], (0.1, 99.9))
    return float(low), float(high) if high > low else float(low) + 1.0


QUESTIONS = [Question("picture", Window, picture)]
