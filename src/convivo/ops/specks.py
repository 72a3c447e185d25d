"""What is too small to be an object: specks of noise, and slivers that the image's edge leaves of an object.

Who annotates passes over both. Where to draw the line is learned from what was annotated: the edge cuts objects
anywhere, so as many slivers of few pixels exist as of many, and where the smallest annotated ones end, people stopped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convivo.ops.fingerprint import Fingerprint
from convivo.ops.measure import Counts, areas, compact, edge_labels
from convivo.types import Labels

PERCENTILE = 1  # of the annotated slivers may be smaller than what is kept
KNOWN_FROM = 100  # cut objects: of fewer, nobody can say what the smallest hundredth is


def smallest_area(seen: Fingerprint, dimensions: int) -> int:
    """Pixels below which something is a speck of noise: a quarter of what the smallest objects seen had."""
    if not seen.object_diameters:
        return 1
    small = seen.object_diameters[0]
    area = np.pi * small**2 / 4 if dimensions == 2 else np.pi * small**3 / 6
    return max(1, int(area / 4))


def smallest_sliver(labels: Sequence[Labels]) -> int:
    """Pixels that an object cut by the edge had to show to be annotated; 1 where too few were cut to tell."""
    cut = np.concatenate([_cut_areas(compact(each)) for each in labels])
    return max(1, int(np.percentile(cut, PERCENTILE))) if len(cut) >= KNOWN_FROM else 1


def large_enough(labels: Labels, sizes: Counts, smallest: int, smallest_cut: int) -> NDArray[np.bool_]:
    """Which labels, from 0 on, have pixels enough; those on the image's edge need `smallest_cut` as well."""
    least = np.full(len(sizes), smallest)
    least[edge_labels(labels)] = max(smallest, smallest_cut)
    return np.asarray(sizes >= least)


def _cut_areas(labels: Labels) -> Counts:
    return areas(labels)[edge_labels(labels)]
