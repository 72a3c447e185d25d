"""First aid as a person has chosen it, and the net that is asked after it."""

from __future__ import annotations

from functools import cache, lru_cache

import msgspec
import numpy as np

from convivo.lab import shelf
from convivo.lab.window import Window
from convivo.ops.remedies import REMEDIES
from convivo.run.asking import PredictOptions
from convivo.run.stress import Examiner
from convivo.types import Map

MODEL = "nuclei-unet"
SHOWN = (0.2, 5.0)  # times as large as the image is, that it may be shown
KEPT_EXAMINERS = 3  # each has engines for the sizes that it was asked for


class Aid(msgspec.Struct, frozen=True):
    """What is done against the harm; by default nothing."""

    remedies: tuple[str, ...] = ()  # names of `ops.remedies`
    scale: float = 1.0  # times as large as the image is shown to the net


def mended(image: Map, aid: Aid) -> Map:
    """A (Y, X) channel after the remedies, in the order in which doubt lists them."""
    for remedy in REMEDIES:
        if remedy.name in aid.remedies:
            image = np.asarray(remedy.apply(image), np.float32)
    return image


def options(scale: float) -> PredictOptions:
    """How the net is asked."""
    return PredictOptions(scale=float(np.clip(scale, *SHOWN)))


@cache
def prove() -> None:
    """Let the fast engine prove itself on a good picture: on a broken one it might be refused, and for good."""
    shelf.predictor(MODEL).predict(shelf.cut(Window("nuclei")).as_image())


@lru_cache(maxsize=KEPT_EXAMINERS)
def examiner(scale: float) -> Examiner:
    """Asks the model about images shown so many times as large; its engines stay at hand."""
    prove()
    return Examiner(shelf.shipped(MODEL), options(scale))
