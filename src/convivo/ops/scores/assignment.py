"""Which objects belong together: the assignment of Schmidt et al. 2018 (StarDist), solved sparsely.

One truth goes with at most one label. Among all assignments we want, in this order,

1. the most couples whose IoU reaches the threshold,
2. the highest sum of IoU over all assigned couples, those below the threshold included,
3. the highest sum of IoU over the couples that reach it,
4. the most labels in them that would be false positives if they stayed alone.

The first two are the rule of the `stardist` package, whose numbers people compare with. The others settle
exact ties, so that scores never depend on how objects happen to be numbered.

Most objects leave no choice. Above IoU 0.5 two labels cannot both claim one truth; below, a couple whose two
objects have no other candidate is in every best assignment. Only what remains, and hangs together with a
choice, is given to a solver.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from convivo.ops.scores.overlap import Flags, Overlaps, Rows

TIE = 2.0**-30  # weight of the third wish: it settles ties, and is too small to turn the second
LAST_TIE = 2.0**-40  # of the fourth, which matters only where labels lie in unknown truth


def assign(overlaps: Overlaps, threshold: float) -> Flags:
    """Say for each couple whether it is a true positive at an IoU threshold in (0, 1]."""
    # Compared in float32, as stardist does: 3 of 10 pixels reach a threshold that was computed as 3 * 0.1.
    reaching = overlaps.iou.astype(np.float32) >= np.float32(threshold)
    certain = reaching & _alone(overlaps.truth_row, reaching) & _alone(overlaps.label_row, reaching)
    contested = reaching & ~certain
    if not contested.any():
        return certain
    couples = _around(contested, _unsettled(overlaps, certain), overlaps)
    best = couples[_solve(overlaps, couples, reaching[couples])]
    certain[best] = reaching[best]
    return certain


def _alone(row: Rows, reaching: Flags) -> Flags:
    """Couples whose object has exactly one couple that reaches the threshold."""
    candidates = np.bincount(row[reaching], minlength=row.max(initial=-1) + 1)
    return np.asarray(candidates[row] == 1)


def _unsettled(overlaps: Overlaps, certain: Flags) -> Rows:
    """Couples of which neither object is in a certain couple."""
    truth_settled = np.isin(overlaps.truth_row, overlaps.truth_row[certain])
    label_settled = np.isin(overlaps.label_row, overlaps.label_row[certain])
    return np.flatnonzero(~(truth_settled | label_settled))


def _around(contested: Flags, couples: Rows, overlaps: Overlaps) -> Rows:
    """Of the couples, those that hang together with a contested one: no other can change the choice."""
    truths, labels = overlaps.truth_ids.size, overlaps.label_ids.size
    ends = overlaps.truth_row[couples], truths + overlaps.label_row[couples]
    graph = coo_array((np.ones(couples.size), ends), shape=(truths + labels, truths + labels))
    _, component = connected_components(graph, directed=False)
    of_couple = component[ends[0]]
    return couples[np.isin(of_couple, of_couple[contested[couples]])]


def _solve(overlaps: Overlaps, couples: Rows, reaching: Flags) -> Rows:
    """Places among `couples` of those in the best assignment."""
    truths, row = np.unique(overlaps.truth_row[couples], return_inverse=True)
    labels, column = np.unique(overlaps.label_row[couples], return_inverse=True)
    iou = overlaps.iou[couples]
    first = min(truths.size, labels.size) + 1.0  # one couple more outweighs any sum of IoU
    answers = overlaps.label_answers[overlaps.label_row[couples]]
    worth = first * reaching + iou + (TIE * iou + LAST_TIE * answers) * reaching
    # Each truth may also stay alone, in a column of its own that is worth nothing, so that every row finds a
    # column. Costs are kept above 0, which the solver would take for a missing edge.
    alone = np.arange(truths.size)
    worth = np.append(worth, np.zeros(truths.size))
    ends = np.append(row, alone), np.append(column, labels.size + alone)
    table = csr_array((first + 3 - worth, ends), shape=(truths.size, labels.size + truths.size))
    picked = min_weight_full_bipartite_matching(table)[1]
    return np.flatnonzero(picked[row] == column)
