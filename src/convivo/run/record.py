"""What a training writes on the card when it ends: settings, scores, how it went, and what the net saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from convivo.model import Model, Scores, Training
from convivo.ops.fingerprint import Fingerprint
from convivo.run.batches import Batches
from convivo.run.feature_maps import feature_maps
from convivo.run.labelled_patches import LabelledPatches
from convivo.run.memory import out_of_memory
from convivo.run.validation import Validation
from convivo.types import Pixels

LOOKED_AT = 24  # training images from which the bottleneck's statistics are taken


def complete_card(
    model: Model, validation: Validation, batches: Batches[LabelledPatches], record: Training
) -> None:
    """Choose the decoder's settings on the selection part, score them there, and describe the training."""
    settings, scores = dict(model.card.settings), Scores()
    if len(validation):
        answers = validation.answers(model, "float32")
        settings = validation.search(model, answers)
        scores = Scores(selection=validation.part_score(model, answers, settings))
    model.card = msgspec.structs.replace(
        model.card,
        settings=settings,
        scores=scores,
        training=record,
        fingerprint=with_net_statistics(model, batches),
    )


def with_net_statistics(model: Model, batches: Batches[LabelledPatches]) -> Fingerprint:
    """The fingerprint together with class frequencies and the bottleneck's mean and covariance."""
    assert model.card.fingerprint is not None
    names = model.segmentation.classes
    mean, covariance = bottleneck_statistics(model, batches.patches.images[:LOOKED_AT])
    return replace(
        model.card.fingerprint,
        class_frequencies=dict(zip(names, batches.patches.places.natural_frequencies(), strict=True)),
        shown_frequencies=dict(zip(names, batches.patches.shown_frequencies(batches.seed), strict=True)),
        features_mean=mean,
        features_covariance=covariance,
    )


def bottleneck_statistics(
    model: Model, prepared: Sequence[Pixels]
) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """Mean and covariance of the coarsest feature map, over the positions of prepared images.

    Both are empty where the memory does not suffice: a trained model is worth more than its description.
    """
    try:
        features = np.concatenate([feature_maps(model, pixels)[-1] for pixels in prepared], axis=1)
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        return (), ()
    count, positions = features.shape
    covariance = np.atleast_2d(np.cov(features)) if positions > 1 else np.zeros((count, count))
    return _rounded(features.mean(axis=1)), tuple(_rounded(row) for row in covariance)


def _rounded(values: Pixels) -> tuple[float, ...]:
    """Five digits are more than such statistics hold."""
    return tuple(float(f"{value:.5g}") for value in values)
