"""Ask the detective's nets: in torch and float32, so that every machine gives the same case."""

from __future__ import annotations

from functools import cache

import numpy as np

from convivo.lab.detective.nets import load
from convivo.lab.detective.values import Number, Picture
from convivo.nets.receptive import sights
from convivo.ops.scores import match
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.run.restore import Restorer
from convivo.types import AnyArray, Image, Labels, Map

FLOAT32 = Wanted("torch", "float32", "cpu")
SAME = 0.5  # IoU from which an object counts as found

model = cache(load)


def found(net: str, pixels: AnyArray, scale: float = 1.0) -> Labels:
    """What a net finds in a (Y, X) image that is shown to it so many times as large."""
    predictor = Predictor(model(net), PredictOptions(engine=FLOAT32, scale=scale))
    return np.asarray(predictor.predict(Image(pixels[None], "CYX")).labels, np.int32)


def restored(net: str, pixels: AnyArray) -> Map:
    """What a net makes of a (Y, X) image, in its units."""
    restorer = Restorer(model(net), PredictOptions(engine=FLOAT32))
    return np.asarray(restorer.restore(Image(pixels[None], "CYX")).image.array[0], np.float32)


def field_of(net: str) -> int:
    """Width of the net's receptive field, in pixels."""
    return sights(model(net).net)[-1].field


def picture(
    name: str,
    pixels: AnyArray,
    sentence: str = "",
    *,
    like: AnyArray | None = None,
    found: Labels | None = None,
    truth: Labels | None = None,
) -> Picture:
    """A picture from its darkest to its brightest percent, or from those of the picture that it is compared with."""
    low, high = np.percentile(pixels if like is None else like, (1, 99.8))
    return Picture(
        name,
        np.asarray(pixels, np.float32),
        (float(low), float(high)),
        sentence,
        None if found is None else found.astype(np.int32),
        None if truth is None else truth.astype(np.int32),
    )


def right(truth: Labels, labels: Labels) -> float:
    """Share of the true objects that were found."""
    return match(truth, labels, SAME).recall


def accuracy(truth: Labels, labels: Labels) -> float:
    """Right ones among all that are there or were found."""
    return match(truth, labels, SAME).accuracy


def share(key: str, name: str, value: float) -> Number:
    """A number between 0 and 1."""
    return Number(key, name, float(value), low=0.0, high=1.0)
