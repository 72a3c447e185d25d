"""Object by object: which predicted objects are right, which are missed, which are invented.

A truth and a label that are assigned to each other with an IoU (intersection over union) at or above a
threshold are a true positive; every other label is a false positive, every other truth a false negative.

* accuracy = TP / (TP + FP + FN): the average precision, AP, of the StarDist paper (Schmidt et al. 2018)
* panoptic quality = sum of IoU over TP / (TP + FP/2 + FN/2) (Kirillov et al. 2019)

Unknown truth (ids below 0) is taken out of both sides, as Kirillov et al. do with void pixels: a label is
judged by its pixels in the known part alone. Without a partner it is a false positive only if at least half
of it lies there: one that lies mostly or wholly in the unknown may well be right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from convivo.errors import BadInput
from convivo.ops.scores.assignment import assign
from convivo.ops.scores.overlap import Flags, Overlaps, count_overlaps
from convivo.types import Labels


class Pair(NamedTuple):
    """A true positive: an object of the truth, its object in the prediction, and how well they agree."""

    truth_id: int
    label_id: int
    iou: float


@dataclass(frozen=True, slots=True)
class Matching:
    """Counts of one image or of many (see `pooled`), and the scores that follow from them.

    Where there is nothing to find and nothing was found, every score is 1: an empty field left empty is a
    perfect answer, and a 0 would punish a model for images without cells. Otherwise 0 / 0 counts as 0.
    """

    iou: float  # threshold
    true_positives: int
    false_positives: int
    false_negatives: int
    matched_iou: float  # sum of IoU over the true positives

    @property
    def accuracy(self) -> float:
        """TP / (TP + FP + FN): the AP of the StarDist paper."""
        return self._share(self.true_positives, self.true_positives + self._wrong)

    @property
    def precision(self) -> float:
        """Share of the labels that are right."""
        return self._share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """Share of the truth that was found."""
        return self._share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return self._share(self.true_positives, self.true_positives + self._wrong / 2)

    @property
    def panoptic_quality(self) -> float:
        """F1 times the mean IoU of the true positives."""
        return self._share(self.matched_iou, self.true_positives + self._wrong / 2)

    @property
    def mean_matched_iou(self) -> float:
        """Mean IoU of the true positives."""
        return self._share(self.matched_iou, self.true_positives)

    @property
    def _wrong(self) -> int:
        return self.false_positives + self.false_negatives

    def _share(self, part: float, whole: float) -> float:
        if self.true_positives + self._wrong == 0:
            return 1.0
        return part / whole if whole else 0.0


def match(truth: Labels, labels: Labels, iou: float = 0.5) -> Matching:
    """Score a prediction at one IoU threshold in (0, 1].

    Both are (Y, X) or (Z, Y, X), of one shape, of any integer type: 0 background, above 0 objects, in the
    truth below 0 unknown. How objects are numbered makes no difference.

    Raises BadInput for shapes that differ, images that hold no integers and a threshold out of range.
    """
    return match_many(truth, labels, [iou])[0]


def match_many(truth: Labels, labels: Labels, ious: Sequence[float]) -> tuple[Matching, ...]:
    """Score a prediction at several IoU thresholds, counting overlaps once. See `match`."""
    for iou in ious:
        _check_threshold(iou)
    overlaps = count_overlaps(truth, labels)
    return tuple(_score(overlaps, assign(overlaps, iou), iou) for iou in ious)


def matched_pairs(truth: Labels, labels: Labels, iou: float = 0.5) -> tuple[Pair, ...]:
    """List the true positives at one IoU threshold, by ascending truth id. See `match`.

    A truth that is not listed was missed; a label that is not listed was invented, or lies in the unknown.
    """
    _check_threshold(iou)
    overlaps = count_overlaps(truth, labels)
    chosen = assign(overlaps, iou)
    truth_ids = overlaps.truth_ids[overlaps.truth_row[chosen]].tolist()
    label_ids = overlaps.label_ids[overlaps.label_row[chosen]].tolist()
    found = zip(truth_ids, label_ids, overlaps.iou[chosen].tolist(), strict=True)
    return tuple(sorted(Pair(*pair) for pair in found))


def _check_threshold(iou: float) -> None:
    if not 0 < iou <= 1:
        raise BadInput(
            f"the IoU threshold is {iou}", fix="use a number above 0 and up to 1; the usual one is 0.5"
        )


def _score(overlaps: Overlaps, chosen: Flags, iou: float) -> Matching:
    hits = int(np.count_nonzero(chosen))
    return Matching(
        iou=float(iou),
        true_positives=hits,
        false_positives=int(np.count_nonzero(answerable(overlaps, chosen))) - hits,
        false_negatives=int(np.count_nonzero(overlaps.truth_areas[1:])) - hits,
        matched_iou=float(overlaps.iou[chosen].sum()),
    )


def answerable(overlaps: Overlaps, chosen: Flags) -> Flags:
    """Which labels, by their rows, count: those with a partner, and those that lie for at least half in the known."""
    counts = overlaps.label_answers
    counts[overlaps.label_row[chosen]] = True
    counts[0] = False  # the background
    return counts
