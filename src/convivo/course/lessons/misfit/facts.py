"""What the numbers of the lesson on input that does not fit follow from.

The net is that of the detective's second case, "Bits of nuclei": it learned nuclei of 28 pixels and nothing else.
"""

from __future__ import annotations

from functools import cache
from math import exp

import numpy as np

from convivo.io.places import SHIPPED
from convivo.model import Model
from convivo.ops.scores import match
from convivo.ops.simulate import Microscope, Scene, Simulated, simulate
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.types import Image, Prediction

LEARNED, MAGNIFIED = 28.0, 2.5  # pixels; times
SEED = 600  # of the field of the case
SAME = 0.5  # IoU from which a nucleus counts as found
LIKELY = 2.0  # a logit: what a net computes before it says a probability
FARTHER = 3  # times as far from what the net knows

SLOW = ("accuracy_as_trained", "accuracy_of_the_other_objective", "accuracy_shown_smaller")


def diameter_learned() -> float:
    """Pixels: nuclei of the training."""
    return LEARNED


def diameter_here() -> float:
    """Pixels: the same nuclei through the other objective."""
    return LEARNED * MAGNIFIED


def magnification() -> float:
    """How many times the other objective magnifies."""
    return diameter_here() / diameter_learned()


def scale_that_fits() -> float:
    """How many times as large the image must be shown."""
    return LEARNED / diameter_here()


def scale_of_the_question() -> float:
    """The same for nuclei of 60 pixels, where 20 were learned."""
    return 20 / 60


def accuracy_as_trained() -> float:
    """On new nuclei of the size that the net knows, at IoU 0.5."""
    scene = _scene(LEARNED)
    return _accuracy(scene, _asked(LEARNED, 1.0))


def accuracy_of_the_other_objective() -> float:
    """On larger ones."""
    return _accuracy(_scene(diameter_here()), _asked(diameter_here(), 1.0))


def accuracy_shown_smaller() -> float:
    """On the same, shown at the size that it knows."""
    return _accuracy(_scene(diameter_here()), _asked(diameter_here(), scale_that_fits()))


def certainty_as_trained() -> float:
    """Mean probability of the objects that it found among those of the size that it knows."""
    return _certainty(_asked(LEARNED, 1.0))


def certainty_of_the_other_objective() -> float:
    """The same among the larger ones."""
    return _certainty(_asked(diameter_here(), 1.0))


def certain() -> float:
    """The probability of a logit of 2."""
    return _probability(LIKELY)


def certain_farther_away() -> float:
    """The same three times as far out on a straight line."""
    return _probability(FARTHER * LIKELY)


def _probability(logit: float) -> float:
    return 1 / (1 + exp(-logit))


@cache
def _scene(diameter: float) -> Simulated:
    if diameter == LEARNED:
        return simulate(Scene(shape=(192, 192), nuclei=16), Microscope(), seed=SEED)
    microscope = Microscope(blur=MAGNIFIED * Microscope().blur)
    return simulate(Scene(shape=(384, 384), nuclei=12, diameter=diameter), microscope, seed=SEED)


@cache
def _asked(diameter: float, scale: float) -> Prediction:
    model = Model.load(SHIPPED / "lab" / "detective" / "one-scale")
    options = PredictOptions(engine=Wanted("torch", "float32", "cpu"), scale=scale)
    return Predictor(model, options).predict(Image(_scene(diameter).image[None], "CYX"))


def _accuracy(scene: Simulated, found: Prediction) -> float:
    return match(scene.labels, found.labels, SAME).accuracy


def _certainty(found: Prediction) -> float:
    return float(np.mean([each.probability for each in found.objects]))
