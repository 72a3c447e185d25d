"""What a training writes on the card when it ends: settings, scores, how it went, and what the net saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np
import torch

from convivo.model import Model, Scores, Training
from convivo.ops.fingerprint import Fingerprint
from convivo.ops.tiling import pad_to_stride
from convivo.run.batches import Batches
from convivo.run.validation import Validation
from convivo.types import Pixels

LOOKED_AT = 24  # training images from which the bottleneck's statistics are taken


def complete_card(model: Model, validation: Validation, batches: Batches, record: Training) -> None:
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


def with_net_statistics(model: Model, batches: Batches) -> Fingerprint | None:
    """The fingerprint together with class frequencies and the bottleneck's mean and covariance."""
    if model.card.fingerprint is None:
        return None
    names = model.method.classes
    mean, covariance = bottleneck_statistics(model, batches.images[:LOOKED_AT])
    return replace(
        model.card.fingerprint,
        class_frequencies=dict(zip(names, batches.places.natural_frequencies(), strict=True)),
        shown_frequencies=dict(zip(names, batches.shown_frequencies(), strict=True)),
        features_mean=mean,
        features_covariance=covariance,
    )


def bottleneck_statistics(
    model: Model, prepared: Sequence[Pixels]
) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """Mean and covariance of the coarsest feature map, over the positions of prepared images."""
    features = np.concatenate([_bottleneck(model, pixels) for pixels in prepared], axis=1)
    covariance = np.atleast_2d(np.cov(features))
    return _rounded(features.mean(axis=1)), tuple(_rounded(row) for row in covariance)


def _bottleneck(model: Model, pixels: Pixels) -> Pixels:
    """(features, positions) of one image, of which a middle part is enough."""
    middle = tuple(slice(max(0, (length - 512) // 2), (length + 512) // 2) for length in pixels.shape[1:])
    part = pad_to_stride(pixels[:, *middle], model.stride)
    device = next(model.net.parameters()).device
    with torch.inference_mode():
        coarsest = model.net.encode(torch.from_numpy(np.ascontiguousarray(part))[None].to(device))[-1][0]
    return coarsest.flatten(1).float().cpu().numpy()


def _rounded(values: Pixels) -> tuple[float, ...]:
    """Five digits are more than such statistics hold."""
    return tuple(float(f"{value:.5g}") for value in values)
