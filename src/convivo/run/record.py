"""What a training writes on the card when it ends: settings, scores, how it went, and what the net saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import msgspec
import numpy as np
import torch

from convivo.model import Model, Scores, Training
from convivo.ops.fingerprint import Fingerprint
from convivo.ops.tiling import pad_to_stride
from convivo.run.batches import Batches
from convivo.run.labelled_patches import LabelledPatches
from convivo.run.memory import out_of_memory
from convivo.run.validation import Validation
from convivo.types import Pixels, Region

LOOKED_AT = 24  # training images from which the bottleneck's statistics are taken
LARGEST = 512 * 512  # voxels of each of them that are looked at


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
        features = np.concatenate([_bottleneck(model, pixels) for pixels in prepared], axis=1)
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        return (), ()
    count, positions = features.shape
    covariance = np.atleast_2d(np.cov(features)) if positions > 1 else np.zeros((count, count))
    return _rounded(features.mean(axis=1)), tuple(_rounded(row) for row in covariance)


def _bottleneck(model: Model, pixels: Pixels) -> Pixels:
    """(features, positions) of one image, of which a middle part is enough."""
    part = pad_to_stride(pixels[:, *_middle(pixels.shape[1:])], model.strides)
    device = next(model.net.parameters()).device
    with torch.inference_mode():
        coarsest = model.encode(torch.from_numpy(np.ascontiguousarray(part))[None].to(device))[-1][0]
    return coarsest.flatten(1).float().cpu().numpy()


def _middle(shape: tuple[int, ...]) -> Region:
    """The middle part, halved along its longest side until it is small enough."""
    sides = list(shape)
    while prod(sides) > LARGEST:
        sides[sides.index(max(sides))] = (max(sides) + 1) // 2
    starts = [(length - side) // 2 for length, side in zip(shape, sides, strict=True)]
    return tuple(slice(start, start + side) for start, side in zip(starts, sides, strict=True))


def _rounded(values: Pixels) -> tuple[float, ...]:
    """Five digits are more than such statistics hold."""
    return tuple(float(f"{value:.5g}") for value in values)
