"""Try a model on altered images whose truth is known, to learn what it scores on images like them.

The traits of unaltered images tell what is usual; those of altered ones, with the accuracy that the model reaches on
them, tell what matters. Many differences do not: a net that saw all sizes does not mind a magnification.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from convivo.model import Model, first_page
from convivo.ops.alterations import ALTERATIONS, AND, altered
from convivo.ops.deviations import Traits
from convivo.ops.resize import resize, resize_labels, scaled_shape
from convivo.ops.scores import match_many
from convivo.ops.traits import object_traits, pixel_traits
from convivo.run.asking import PredictOptions
from convivo.run.feature_maps import feature_means
from convivo.run.predict import Predictor
from convivo.run.steadiness import IOU, answers
from convivo.types import Annotated, AnyArray, Image, Labels, Prediction

UNALTERED = "unaltered"
DRAWN = 14  # alterations of each image, and
PAIRED = 3  # pairs of alterations


@dataclass(frozen=True, slots=True)
class Trial:
    """One image that was tried."""

    kind: str  # an alteration, two with a + between them, or UNALTERED
    name: str
    traits: Traits
    accuracy: float  # at IoU 0.5
    features: tuple[tuple[float, ...], ...]  # of each level of the encoder, the means of its maps


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

    def features(self, pixels: AnyArray) -> tuple[tuple[float, ...], ...]:
        """Means of the encoder's feature maps, level by level, shown as large as for an answer."""
        prepared = self.model.prepare(pixels)
        return feature_means(
            self.model, resize(prepared, scaled_shape(prepared.shape[1:], self._options.scale))
        )

    def changed(self, pixels: AnyArray) -> dict[str, Labels]:
        """The answers under each change, for traits and for pictures of what comes and goes."""
        return answers(pixels, self.labels)


def traits_of(pixels: AnyArray, prediction: Prediction, sure: float, scale: float = 1.0) -> dict[str, float]:
    """Traits of (C, ...) pixels and of the answer, without asking the net again; of the first channel.

    The answer is measured in pixels as the net was shown them, so many times as large: it knows no others. `sure` is
    the model's.
    """
    channel, labels, probability = pixels[0], prediction.labels, prediction.probability
    if scale != 1:
        shape = scaled_shape(labels.shape, scale)
        channel, probability = (resize(each[None], shape)[0] for each in (channel, probability))
        labels = resize_labels(labels, shape)
    return pixel_traits(pixels[0]) | object_traits(channel, labels, probability, sure=sure)


def trials(
    model: Model,
    data: Sequence[Annotated],
    kinds: Sequence[str] = tuple(ALTERATIONS),
    *,
    seed: int = 0,
) -> Iterator[Trial]:
    """Try the model on every image, unaltered and altered in ways drawn for each; in 2-D, where these are known."""
    examiner = Examiner(model)
    for number, each in enumerate(data):
        pixels, labels = first_page(each.image, each.labels.ndim), each.labels
        rng = np.random.default_rng((seed, number))
        for kind in (UNALTERED, *drawn(kinds, rng)):
            shown, truth = pixels, labels
            if kind != UNALTERED:
                shown, truth = _altered(kind, pixels, labels, int(rng.integers(2**32)))
            if shown.max() > shown.min():
                tried = _tried(examiner, kind, replace(each, image=_as_image(shown, each), labels=truth))
                if truth.any() or not tried.traits["nothing_found"]:  # nothing of nothing tells nothing
                    yield tried


def drawn(kinds: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Some of the kinds, and pairs of them."""
    some = [str(kind) for kind in rng.permutation(kinds)[:DRAWN]] if len(kinds) else []
    pairs = [AND.join(map(str, rng.permutation(kinds)[:2])) for _ in range(PAIRED)] if len(kinds) > 1 else []
    return some + pairs


def _as_image(pixels: AnyArray, each: Annotated) -> Image:
    return replace(each.image, array=pixels, axes="C" + "ZYX"[1 - pixels.ndim :])


def _tried(examiner: Examiner, kind: str, each: Annotated) -> Trial:
    pixels = each.image.array
    prediction = examiner.predict(pixels)
    return Trial(
        kind,
        each.name,
        traits_of(pixels, prediction, examiner.model.sure),
        accuracy(each.labels, prediction.labels),
        examiner.features(pixels),
    )


def _altered(kind: str, pixels: AnyArray, labels: Labels, seed: int) -> tuple[AnyArray, Labels]:
    """All channels altered alike, as one microscope would, and what is there to find then."""
    copies = [altered(kind, channel, labels, np.random.default_rng(seed)) for channel in pixels]
    return np.stack([image for image, _ in copies]), copies[0][1]


def accuracy(truth: Labels, labels: Labels) -> float:
    """At IoU 0.5; 1 where there is nothing to find and nothing was found."""
    if not (truth > 0).any() and not (labels > 0).any():
        return 1.0
    return match_many(truth, labels, (IOU,))[0].accuracy
