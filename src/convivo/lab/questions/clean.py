"""A practice picture as it would be without noise: what a restored one can be held against."""

from __future__ import annotations

import msgspec

from convivo.lab import practice, shelf
from convivo.lab.questions.question import Question
from convivo.lab.window import Window
from convivo.types import Pixels


class Clean(msgspec.Struct, frozen=True):
    """A window of the picture without noise."""

    pixels: Pixels | None  # (Y, X), float32, in the image's own units; None where nobody knows it


def clean(window: Window) -> Clean:
    """The same part that the question "picture" shows. Only of simulated images is it known."""
    if window.image not in practice.IMAGES:
        return Clean(None)
    cut = shelf.cut(window)
    height, width = cut.pixels.shape
    known = practice.image(window.image).clean
    return Clean(known[cut.top : cut.top + height, cut.left : cut.left + width])


QUESTIONS = [Question("clean", Window, clean)]
