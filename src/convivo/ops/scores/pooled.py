"""Many images: counts added up, and how far the score would move with other images of the same kind.

Pooling adds true and false positives before any score is formed, so that an image counts by its objects. The
interval is the percentile bootstrap (Efron 1979): whole images are drawn again, with replacement, because the
cells of one image resemble each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from convivo.errors import BadInput
from convivo.ops.scores.matching import Matching

MEASURES = ("accuracy", "precision", "recall", "f1", "panoptic_quality", "mean_matched_iou")


def pooled(matchings: Iterable[Matching]) -> Matching:
    """Add up the counts of matchings at one IoU threshold.

    Raises BadInput where there is none, or where the thresholds differ.
    """
    matchings = tuple(matchings)
    return Matching(
        iou=_one_threshold(matchings),
        true_positives=sum(matching.true_positives for matching in matchings),
        false_positives=sum(matching.false_positives for matching in matchings),
        false_negatives=sum(matching.false_negatives for matching in matchings),
        matched_iou=sum(matching.matched_iou for matching in matchings),
    )


def bootstrap_interval(
    per_image: Sequence[Matching],
    measure: str = "accuracy",
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Bounds between which the pooled `measure` falls in a share `level` of the draws of as many images.

    One image alone gives an interval of no width: it says nothing about others.

    Raises BadInput where there is no image, the thresholds differ or an option is out of range.
    """
    _check_options(measure, draws, level)
    threshold = _one_threshold(per_image)
    images = len(per_image)
    counts = np.array([_counts(matching) for matching in per_image])  # (images, 4)
    times_drawn = np.random.default_rng(seed).multinomial(images, [1 / images] * images, size=draws)
    scores = [_measured(measure, threshold, row) for row in (times_drawn @ counts).tolist()]
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _one_threshold(matchings: Sequence[Matching]) -> float:
    thresholds = sorted({matching.iou for matching in matchings})
    if len(thresholds) != 1:
        found = f"thresholds {', '.join(map(str, thresholds))}" if thresholds else "no image at all"
        raise BadInput(
            f"scores can be pooled at one IoU threshold, found {found}", fix="pool each threshold alone"
        )
    return thresholds[0]


def _check_options(measure: str, draws: int, level: float) -> None:
    if measure not in MEASURES:
        raise BadInput(f"there is no measure {measure!r}", fix=f"use one of {', '.join(MEASURES)}")
    if draws < 1:
        raise BadInput(f"the bootstrap was asked for {draws} draws", fix="use at least 1; 1000 is usual")
    if not 0 < level < 1:
        raise BadInput(
            f"the level of the interval is {level}", fix="use a number between 0 and 1, such as 0.95"
        )


def _counts(matching: Matching) -> tuple[float, ...]:
    found = (matching.true_positives, matching.false_positives, matching.false_negatives)
    return (*found, matching.matched_iou)


def _measured(measure: str, threshold: float, counts: list[float]) -> float:
    hits, invented, missed, matched_iou = counts
    drawn = Matching(threshold, int(hits), int(invented), int(missed), matched_iou)
    return float(getattr(drawn, measure))
