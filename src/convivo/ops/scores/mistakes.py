"""What went wrong, object by object: which true objects were merged, which were divided, which are not there.

    missed     a true object without a match            } as `match` counts them
    invented   a found object without a match           }
    merged     a found object that covers two or more true ones
    divided    a true object that covers two or more found ones

One object covers another when it holds more than half of the other's pixels; no object is covered twice. The
last two say why: two nuclei found as one are two missed, one invented and one merged (one missed and nothing
invented, where the larger of the two still matches).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from convivo.ops.scores.assignment import assign
from convivo.ops.scores.overlap import Counts, Flags, Overlaps, Rows, count_overlaps
from convivo.types import Labels


@dataclass(frozen=True, slots=True, eq=False)
class Mistakes:
    """Ids of the objects concerned, ascending."""

    missed: Labels  # in the truth
    invented: Labels  # in the prediction
    merged: Labels  # in the prediction
    divided: Labels  # in the truth


KINDS = tuple(each.name for each in fields(Mistakes))  # in the order in which tables show them


def mistakes(truth: Labels, labels: Labels, iou: float = 0.5) -> Mistakes:
    """Find the mistakes of a prediction; `missed` and `invented` depend on the threshold, the others do not.

    Both are (Y, X) or (Z, Y, X), of one shape, of any integer type. Where the truth is below 0 it is unknown
    and covers nothing; found objects that lie there for more than half are neither invented nor pieces.
    """
    overlaps = count_overlaps(truth, labels)
    matched = assign(overlaps, iou)
    judged = (overlaps.label_areas > 0) & (2 * overlaps.label_known >= overlaps.label_areas)
    shared = _shared(overlaps)
    swallowed = 2 * shared > overlaps.truth_areas[overlaps.truth_row]  # couples whose truth is covered
    pieces = (2 * shared > overlaps.label_known[overlaps.label_row]) & judged[overlaps.label_row]
    return Mistakes(
        missed=_without(overlaps.truth_ids, overlaps.truth_areas > 0, overlaps.truth_row[matched]),
        invented=_without(overlaps.label_ids, judged, overlaps.label_row[matched]),
        merged=_several(overlaps.label_ids, overlaps.label_row[swallowed]),
        divided=_several(overlaps.truth_ids, overlaps.truth_row[pieces]),
    )


def _shared(overlaps: Overlaps) -> Counts:
    """Pixels that each couple shares: from IoU = shared / (truth + label - shared), exact after rounding."""
    both = overlaps.truth_areas[overlaps.truth_row] + overlaps.label_known[overlaps.label_row]
    return np.rint(both * overlaps.iou / (1 + overlaps.iou)).astype(np.int64)


def _without(ids: Labels, there: Flags, rows: Rows) -> Labels:
    """Ids of the objects that are there and in none of the rows; row 0 is the background."""
    alone = there.copy()
    alone[rows] = False
    alone[:1] = False
    return ids[alone]


def _several(ids: Labels, rows: Rows) -> Labels:
    """Ids of the objects that stand in two or more of the rows."""
    several: Flags = np.bincount(rows, minlength=ids.size) > 1
    return ids[several]
