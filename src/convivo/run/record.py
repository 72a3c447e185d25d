"""What a training writes on the card when it ends: settings, scores, how it went, and what the net saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from convivo.model import Model, Scores, Training
from convivo.ops.fingerprint import Fingerprint
from convivo.ops.traits import usual_features
from convivo.ops.traits.of_features import Spread
from convivo.run.batches import Batches
from convivo.run.feature_maps import feature_means
from convivo.run.labelled_patches import LabelledPatches
from convivo.run.memory import out_of_memory
from convivo.run.validation import Validation
from convivo.types import Pixels

LOOKED_AT = 24  # training images from which the statistics of features are taken


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
    """The fingerprint together with class frequencies and what the encoder usually makes of images."""
    assert model.card.fingerprint is not None
    names = model.segmentation.classes
    return replace(
        model.card.fingerprint,
        class_frequencies=dict(zip(names, batches.patches.places.natural_frequencies(), strict=True)),
        shown_frequencies=dict(zip(names, batches.patches.shown_frequencies(batches.seed), strict=True)),
        features=feature_statistics(model, batches.patches.images[:LOOKED_AT]),
    )


def feature_statistics(model: Model, prepared: Sequence[Pixels]) -> tuple[Spread, ...]:
    """What is usual of the encoder's feature maps over prepared images.

    Empty where the memory does not suffice: a trained model is worth more than its description.
    """
    try:
        return usual_features([feature_means(model, pixels) for pixels in prepared])
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        return ()
