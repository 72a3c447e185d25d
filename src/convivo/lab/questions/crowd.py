"""The same crowd through the shipped U-Net: every pixel answers for itself, and what hangs together is an object."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

from convivo.lab import shelf
from convivo.lab.questions.question import Question
from convivo.lab.window import Window
from convivo.methods.unet import rule
from convivo.ops.instances import InstanceRule, instances
from convivo.types import Labels, Prediction

MODEL = "nuclei-unet"
KEPT = 4


class Asked(msgspec.Struct, frozen=True):
    """Which window, and how objects are read from the net's answer."""

    window: Window
    threshold: float = 0.5  # probability from which a pixel is foreground
    read: Literal["pieces", "seeds"] = "pieces"


class Crowd(msgspec.Struct, frozen=True):
    """The objects."""

    labels: Labels  # (Y, X), from 1 without gaps


def crowd(asked: Asked) -> Crowd:
    """Objects of the window.

    By "pieces" they are the connected pieces of foreground at the threshold. By "seeds" they are what `convivo predict`
    finds: the net also tells interiors from rims, and connected interiors are the seeds that grow into the foreground.
    """
    prediction = _predicted(asked.window)
    if asked.read == "seeds":
        return Crowd(prediction.labels)
    sizes = rule(shelf.shipped(MODEL).card.settings)
    pieces = InstanceRule(
        foreground=asked.threshold,
        seed=asked.threshold,
        smallest=sizes.smallest,
        smallest_cut=sizes.smallest_cut,
    )
    return Crowd(instances(prediction.probability, prediction.probability, pieces))


@lru_cache(maxsize=KEPT)
def _predicted(window: Window) -> Prediction:
    """What the net says: asked once for a window, and read at any threshold."""
    return shelf.predictor(MODEL).predict(shelf.cut(window).as_image())


QUESTIONS = [Question("crowd", Asked, crowd)]
