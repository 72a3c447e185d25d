"""What is too small to be an object: specks of noise, and slivers that the image's edge leaves of an object.

Annotators pass over both. Where they draw the line is learned from what they annotated: an edge that cuts objects
anywhere leaves slivers of few pixels as often as slivers of many, and where the smallest annotated ones end, people
stopped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convivo.ops.fingerprint import Fingerprint
from convivo.ops.measure import Counts, areas, compact, edge_labels
from convivo.types import Labels

SLIVERS = 1.0  # per cent of the annotated slivers that may be smaller than what is kept
KNOWN_FROM = 100  # cut objects: of fewer, nobody can say what the smallest hundredth is
# share of the median object: who shows more of itself is not overlooked. It matters where the edge does not cut
# anywhere: simulated nuclei have their centre inside the image, so no sliver is smaller than a third of one
MOST_OVERLOOKED = 0.1


def smallest_area(seen: Fingerprint, dimensions: int) -> int:
    """Pixels below which something is a speck of noise: a quarter of what the smallest objects seen had."""
    if not seen.object_diameters:
        return 1
    return max(1, int(_area(seen.object_diameters[0], dimensions) / 4))


def smallest_sliver(labels: Sequence[Labels], seen: Fingerprint, dimensions: int) -> int | None:
    """Pixels that an object cut by the edge had to show to be annotated; None where too few were cut to tell."""
    cut = np.concatenate([_cut_areas(compact(each)) for each in labels])
    if len(cut) < KNOWN_FROM:
        return None
    overlooked = MOST_OVERLOOKED * _area(seen.object_diameters[len(seen.object_diameters) // 2], dimensions)
    return max(1, int(min(np.percentile(cut, SLIVERS), overlooked)))


def large_enough(labels: Labels, sizes: Counts, smallest: int, smallest_cut: int) -> NDArray[np.bool_]:
    """Which labels, from 0 on, have enough pixels; those on the image's edge need `smallest_cut` as well."""
    least = np.full(len(sizes), smallest)
    least[edge_labels(labels)] = max(smallest, smallest_cut)
    return np.asarray(sizes >= least)


def _cut_areas(labels: Labels) -> Counts:
    return areas(labels)[edge_labels(labels)]


def _area(diameter: float, dimensions: int) -> float:
    """Of a circle, or the volume of a sphere."""
    return float(np.pi * diameter**2 / 4 if dimensions == 2 else np.pi * diameter**3 / 6)
