"""How well a model, or somebody's labels, agree with the truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from convivo.ops.scores import (
    Matching,
    PixelScore,
    bootstrap_interval,
    match_many,
    pixel_scores,
    pooled,
)
from convivo.run.predict import Predictor
from convivo.types import Annotated, Labels, Prediction

IOUS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class ImageScore:
    """Matchings of one image at each IoU threshold, and how well its foreground agrees pixel by pixel."""

    name: str
    matchings: tuple[Matching, ...]
    foreground: PixelScore


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """All images together at one IoU threshold; the interval is a bootstrap over the images."""

    total: Matching
    low: float
    high: float


def evaluate(predictor: Predictor, data: Iterable[Annotated]) -> Iterator[tuple[ImageScore, Prediction]]:
    """Predict and score each annotated image."""
    for each in data:
        prediction = predictor.predict(each.image)
        yield score_image(each.name, each.labels, prediction.labels), prediction


def score_image(name: str, truth: Labels, labels: Labels, ious: Sequence[float] = IOUS) -> ImageScore:
    """Score the labels of one image."""
    matchings = match_many(truth, labels, ious)
    foreground = pixel_scores(np.sign(truth.astype(np.int64)), (labels > 0).astype(np.int64), 2)[1]
    return ImageScore(name, matchings, foreground)


def score_rows(scores: Sequence[ImageScore]) -> tuple[ScoreRow, ...]:
    """Pool the images at each threshold."""
    columns = list(zip(*(score.matchings for score in scores), strict=True))
    return tuple(ScoreRow(pooled(column), *bootstrap_interval(column)) for column in columns)
