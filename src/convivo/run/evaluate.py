"""How well a model, or somebody's labels, agree with the truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from convivo.ops.scores import (
    Judged,
    Matching,
    PixelScore,
    bootstrap_interval,
    judged,
    match_many,
    pixel_scores,
    pooled,
)
from convivo.run.predict import Predictor
from convivo.types import Annotated, Labels, PageIndex, Prediction

IOUS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class ImageScore:
    """Matchings of one image at each IoU threshold, and how well its foreground agrees pixel by pixel."""

    name: str
    matchings: tuple[Matching, ...]
    foreground: PixelScore
    judged: tuple[Judged, ...] = ()  # of each page, where probabilities are known


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One image, or several together, at one IoU threshold."""

    total: Matching
    low: float | None = None  # 95 % interval of the accuracy, a bootstrap over the images
    high: float | None = None
    images: int = 1

    @property
    def true(self) -> int:
        """Objects of the truth."""
        return self.total.true_positives + self.total.false_negatives

    @property
    def found(self) -> int:
        """Objects that were found."""
        return self.total.true_positives + self.total.false_positives


def evaluate(predictor: Predictor, data: Iterable[Annotated]) -> Iterator[tuple[ImageScore, Prediction]]:
    """Predict and score each annotated image."""
    for each in data:
        prediction = predictor.predict(each.image)
        axes = prediction.page_axes
        score = score_image(each.name, each.labels, prediction.labels, axes)
        found = {(found.page, found.label): found.probability for found in prediction.objects}
        yield replace(score, judged=judged_pages(each.labels, prediction.labels, axes, found)), prediction


def judged_pages(
    truth: Labels, labels: Labels, page_axes: str, probabilities: Mapping[tuple[PageIndex, int], float]
) -> tuple[Judged, ...]:
    """Judge the objects of each page by their probabilities, known by page and label; none where one is missing."""
    by_page: dict[PageIndex, dict[int, float]] = {}
    for (page, label), probability in probabilities.items():
        by_page.setdefault(page, {})[label] = probability
    pages = [
        judged(truth[index], labels[index], by_page.get(index, {}))
        for index in np.ndindex(labels.shape[: len(page_axes)])
    ]
    known = tuple(each for each in pages if each is not None)
    return known if len(known) == len(pages) else ()


def score_image(
    name: str, truth: Labels, labels: Labels, page_axes: str = "", ious: Sequence[float] = IOUS
) -> ImageScore:
    """Score the labels of one image: volumes whole, and page by page along the axes in front that are named."""
    truth, labels = apart(truth, page_axes), apart(labels, page_axes)
    matchings = match_many(truth, labels, ious)
    foreground = pixel_scores(np.sign(truth.astype(np.int64)), (labels > 0).astype(np.int64), 2)[1]
    return ImageScore(name, matchings, foreground)


def apart(labels: Labels, page_axes: str) -> Labels:
    """The labels with numbers that no two pages share, so that matching the stack is matching each page."""
    if not page_axes:
        return labels
    shape = labels.shape
    pages = labels.astype(np.int64).reshape(prod(shape[: len(page_axes)]), prod(shape[len(page_axes) :]))
    highest = pages.max(axis=1, initial=0)
    before = np.cumsum(highest) - highest
    return np.where(pages > 0, pages + before[:, None], pages).reshape(shape)


def pages_of(axes: str, *stacks: Labels) -> str:
    """Axes along which label images, of axes (T)(Z)YX, are compared page by page.

    Time always is. Depth is where a stack was numbered plane by plane: where every plane counts its objects
    from 1, and some number lies elsewhere on the next plane.
    """
    in_planes = "Z" in axes and any(_numbered_in_planes(stack) for stack in stacks)
    return "".join(axis for axis in axes if axis == "T" or (axis == "Z" and in_planes))


def score_rows(scores: Sequence[ImageScore]) -> tuple[ScoreRow, ...]:
    """Pool the images at each threshold."""
    columns = list(zip(*(score.matchings for score in scores), strict=True))
    return tuple(ScoreRow(pooled(column), *bootstrap_interval(column), len(scores)) for column in columns)


def _numbered_in_planes(labels: Labels) -> bool:
    if labels.ndim > 3:
        return any(_numbered_in_planes(stack) for stack in labels)
    numbers = [np.unique(plane[plane > 0]) for plane in labels]
    if any(len(each) and each[-1] != len(each) for each in numbers):
        return False
    return any(
        np.setdiff1d(np.intersect1d(one, other), upper[upper == lower]).size > 0
        for one, other, upper, lower in zip(numbers, numbers[1:], labels, labels[1:], strict=False)
    )
