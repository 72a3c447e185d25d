"""Which objects of two label images share pixels, and how many: counted by runs, kept sparse.

    truth    0 0 1 1 1 1 0 0       Walk both images together, row by row. Cut where either of them changes:
    labels   0 7 7 7 0 0 0 0       the cuts leave runs of one (truth, label) couple each, and of those there
    runs    |_|_|___|___|___|      are far fewer than pixels. Sums over runs are sums over pixels.

No table of all objects against all objects is ever made: memory follows the outlines in the image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from convivo.errors import BadInput
from convivo.types import AnyArray, Labels

Counts: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.intp]
Runs: TypeAlias = tuple[Labels, Labels, Counts]  # truth id, label id and length of each run

BLOCK = 2**18  # pixels compared at a time: what they leave behind stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Objects of a truth and of a prediction, and every couple of them that shares a pixel.

    Row 0 is the background; a row whose area is 0 stands for an id that does not occur. Couple k is made of
    the truth in row `truth_row[k]` and the label in row `label_row[k]`.
    """

    truth_ids: Labels  # (T,) ascending
    truth_areas: Counts  # (T,)
    label_ids: Labels  # (L,) ascending
    label_areas: Counts  # (L,) all pixels of a label
    label_known: Counts  # (L,) its pixels where the truth is known
    truth_row: Rows  # (K,)
    label_row: Rows  # (K,)
    iou: NDArray[np.float64]  # (K,) intersection over union, above 0

    @property
    def label_answers(self) -> Flags:
        """(L,) Labels that count also without a partner: at least half of each lies where the truth is known."""
        return np.asarray((self.label_areas > 0) & (2 * self.label_known >= self.label_areas))


def count_overlaps(truth: Labels, labels: Labels) -> Overlaps:
    """Count the pixels that each object of `truth` shares with each object of `labels`.

    Both are (Y, X) or (Z, Y, X), of one shape, of any integer type; ids may have gaps and be huge. Pixels
    whose truth is below 0 are unknown: they belong to no union and no intersection.

    Raises BadInput for shapes that differ, for values that are not integers and for labels below 0.
    """
    check_label_images(truth, labels)
    truth_runs, label_runs, lengths = _runs(truth.ravel(), labels.ravel())
    if label_runs.size and label_runs.min() < 0:
        raise BadInput(
            f"the predicted labels hold the id {label_runs.min()}; only a truth has unknown pixels (below 0)",
            fix="give background the id 0, or swap the two images if the second one is the truth",
        )
    return _couples(truth_runs, label_runs, lengths)


def check_label_images(truth: Labels, labels: Labels) -> None:
    """Raise BadInput unless both are integer images of one shape."""
    check_shapes(truth, labels)
    for name, image in (("truth", truth), ("predicted", labels)):
        if image.dtype.kind not in "iu":
            raise BadInput(
                f"the {name} label image holds {image.dtype}, not integer ids",
                fix="number the objects 1, 2, 3 ... first, for example with skimage.measure.label(mask)",
            )


def check_shapes(truth: AnyArray, predicted: AnyArray) -> None:
    """Raise BadInput unless both images have one shape."""
    if truth.shape != predicted.shape:
        raise BadInput(
            f"the truth has shape {truth.shape}, the prediction has shape {predicted.shape}",
            fix="compare images of one shape: crop or resize one of them, or check that the names pair up",
        )


def _runs(truth: Labels, labels: Labels) -> Runs:
    """Cut two flat images into runs, block by block: a block's end may split a run, which changes no sum."""
    starts = range(0, max(truth.size, 1), BLOCK)
    blocks = [_runs_of_block(truth[start : start + BLOCK], labels[start : start + BLOCK]) for start in starts]
    truth_runs, label_runs, lengths = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return truth_runs, label_runs, lengths


def _runs_of_block(truth: Labels, labels: Labels) -> Runs:
    """Truth id, label id and length of every run of a block."""
    begins = np.zeros(-(-truth.size // 8) * 8, bool)  # whole words of 8
    begins[:1] = truth.size > 0
    inner = begins[1 : truth.size]
    np.not_equal(truth[1:], truth[:-1], out=inner)
    inner |= labels[1:] != labels[:-1]
    starts = _places_of(begins)
    return truth[starts], labels[starts], np.diff(starts, append=truth.size)


def _places_of(flags: Flags) -> NDArray[np.intp]:
    """Where rare flags are set: as `flatnonzero`, but faster, as words of 8 without any are skipped first."""
    words = flags.view(np.uint64)
    used = np.flatnonzero(words != 0)
    found = np.flatnonzero(words[used].view(bool))
    return np.asarray(used[found >> 3] * 8 + (found & 7))


def _couples(truth: Labels, labels: Labels, lengths: Counts) -> Overlaps:
    """Sum the lengths of runs over objects and over couples of objects."""
    unknown = truth < 0
    truth_ids, truth_row = _rows(np.maximum(truth, 0))
    label_ids, label_row = _rows(labels)
    truth_areas = _sums(truth_row, lengths, truth_ids.size)
    label_areas = _sums(label_row, lengths, label_ids.size)
    label_known = label_areas - _sums(label_row[unknown], lengths[unknown], label_ids.size)

    both = np.flatnonzero((truth > 0) & (labels > 0))
    shape = truth_ids.size, label_ids.size
    table = coo_array((lengths[both], (truth_row[both], label_row[both])), shape=shape)
    shared = table.tocsr().tocoo()  # on the way, runs of one couple are summed
    truth_row, label_row = (rows.astype(np.intp) for rows in shared.coords)
    iou = shared.data / (truth_areas[truth_row] + label_known[label_row] - shared.data)
    return Overlaps(truth_ids, truth_areas, label_ids, label_areas, label_known, truth_row, label_row, iou)


def _rows(ids: Labels) -> tuple[Labels, Rows]:
    """The id of each row, and the row of each run. Ids are their own rows unless they lie far apart."""
    largest = int(ids.max(initial=0))
    if largest <= 4 * ids.size + 65_535:
        return np.arange(largest + 1), ids.astype(np.intp)
    own, row = np.unique(np.insert(ids, 0, 0), return_inverse=True)
    return own, row[1:]


def _sums(rows: Rows, lengths: Counts, size: int) -> Counts:
    """Pixels of each row (exact: counts stay far below 2^53)."""
    return np.bincount(rows, weights=lengths, minlength=size).astype(np.int64)
