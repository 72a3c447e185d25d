"""Try a model on altered images whose truth is known, to learn what a deviation costs.

The traits of unaltered images tell what is usual; those of altered ones, with the accuracy that the model reaches on
them, tell what matters. Many differences do not: a net that saw all sizes does not mind a magnification.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from convivo.model import Model, first_page
from convivo.ops.alterations import ALTERATIONS, altered
from convivo.ops.deviations import Traits, Typical, deviations
from convivo.ops.expectation import Expectation, learned
from convivo.ops.resize import resize, resize_labels, scaled_shape
from convivo.ops.scores import match_many
from convivo.ops.traits import object_traits, pixel_traits
from convivo.run.asking import PredictOptions
from convivo.run.predict import Predictor
from convivo.run.steadiness import IOU, answers, unsteadiness
from convivo.types import Annotated, AnyArray, Image, Labels, Prediction

UNALTERED = "unaltered"


@dataclass(frozen=True, slots=True)
class Trial:
    """One image that was tried."""

    kind: str  # an alteration, or UNALTERED
    name: str
    traits: Traits
    accuracy: float  # at IoU 0.5


class Examiner:
    """A model asked for traits: of its answer as it is, and of what becomes of it when the image is changed."""

    def __init__(self, model: Model, options: PredictOptions | None = None) -> None:
        self.model = model
        self._options = options or PredictOptions()
        self._predictors: dict[float, Predictor] = {}

    def predict(self, pixels: AnyArray, scale: float = 1.0) -> Prediction:
        """What the model says of (C, ...) pixels, shown so many times as large."""
        if scale not in self._predictors:
            options = replace(self._options, scale=self._options.scale * scale)
            self._predictors[scale] = Predictor(self.model, options)
        return self._predictors[scale].predict(Image(pixels, f"C{self.model.card.axes}"))

    def labels(self, pixels: AnyArray, scale: float = 1.0) -> Labels:
        """The labels alone."""
        return self.predict(pixels, scale).labels

    def unsteadiness(self, pixels: AnyArray, labels: Labels) -> dict[str, float]:
        """Traits of what comes and goes."""
        return unsteadiness(pixels, labels, self.labels)

    def changed(self, pixels: AnyArray) -> dict[str, Labels]:
        """The answers under each change, for traits and for pictures of what comes and goes."""
        return answers(pixels, self.labels)


def traits_of(pixels: AnyArray, prediction: Prediction, scale: float = 1.0) -> dict[str, float]:
    """Traits of (C, ...) pixels and of the answer, without asking the net again; of the first channel.

    The answer is measured in pixels as the net was shown them, so many times as large: it knows no others.
    """
    shape = scaled_shape(prediction.labels.shape, scale)
    shown, probability = (resize(each, shape)[0] for each in (pixels[:1], prediction.probability[None]))
    return pixel_traits(pixels[0]) | object_traits(
        shown, resize_labels(prediction.labels, shape), probability
    )


def trials(
    model: Model,
    data: Sequence[Annotated],
    kinds: Sequence[str] = (UNALTERED, *ALTERATIONS),
    *,
    seed: int = 0,
    steady: bool = True,
) -> Iterator[Trial]:
    """Try the model on every image, unaltered and in each way; in 2-D only, where alterations are known.

    Without `steady`, what comes and goes when an image is changed is left out, which is most of the work.
    """
    examiner = Examiner(model)
    for number, each in enumerate(data):
        pixels, labels = first_page(each.image, each.labels.ndim), each.labels
        for kind in kinds:
            shown, truth = pixels, labels
            if kind != UNALTERED:
                shown, truth = _altered(kind, pixels, labels, (seed, number, list(ALTERATIONS).index(kind)))
            prediction = examiner.predict(shown)
            found = traits_of(shown, prediction)
            if steady:
                found |= examiner.unsteadiness(shown, prediction.labels)
            yield Trial(kind, each.name, found, accuracy(truth, prediction.labels))


def _altered(kind: str, pixels: AnyArray, labels: Labels, seed: Sequence[int]) -> tuple[AnyArray, Labels]:
    """All channels altered alike, as one microscope would, and what is there to find then."""
    copies = [altered(kind, channel, labels, np.random.default_rng(seed)) for channel in pixels]
    return np.stack([image for image, _ in copies]), copies[0][1]


def accuracy(truth: Labels, labels: Labels) -> float:
    """At IoU 0.5; 1 where there is nothing to find and nothing was found."""
    if not (truth > 0).any() and not (labels > 0).any():
        return 1.0
    return match_many(truth, labels, (IOU,))[0].accuracy


def expectation(tried: Sequence[Trial], known: Typical, best: float) -> Expectation:
    """What deviations from the usual cost, as the trials show it."""
    return learned(
        [deviations(each.traits, known) for each in tried],
        [each.accuracy for each in tried],
        [each.kind for each in tried],
        [each.name for each in tried],
        best,
    )
