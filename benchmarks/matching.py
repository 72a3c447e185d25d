"""Matching two label images of 2048 x 2048 with 2,000 objects: convivo against stardist, in one run.

    python benchmarks/matching.py

Both score the same arrays, in turns, and must give equal numbers. The time is the median over the turns;
stardist is called once before, so that its compilation does not count. Where stardist is missing, convivo is
timed alone and the command that sets up an environment with both is printed (no TensorFlow is needed).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from convivo.ops.scores import match_many
from convivo.types import Labels

try:
    from stardist.matching import matching as stardist_matching
except ImportError:
    stardist_matching = None

INSTALL = """\
stardist is not installed here. An environment of its own, with both:
python3 -m venv build/peer && build/peer/bin/pip install stardist==0.9.2 \
&& build/peer/bin/pip install --no-deps . && build/peer/bin/python benchmarks/matching.py"""

SIDE = 2048
OBJECTS = 2000
GRID = 45  # places along a side
THRESHOLDS = (0.3, 0.5, 0.7, 0.9)
TURNS = 15
BAR = 20.0


def main() -> None:
    truth, labels = two_label_images(np.random.default_rng(0))
    print(f"{SIDE} x {SIDE} pixels, {np.unique(truth).size - 1} and {np.unique(labels).size - 1} objects\n")
    print(f"{'ids':7} {'thresholds':19} {'convivo':>10} {'stardist':>10} {'faster':>8}")
    for dtype in (np.int32, np.uint16):
        for thresholds in ((0.5,), THRESHOLDS):
            compare(truth.astype(dtype), labels.astype(dtype), thresholds)
    print(f"\nThe bar is {BAR:.0f} times faster." if stardist_matching else f"\n{INSTALL}")


def compare(truth: Labels, labels: Labels, thresholds: tuple[float, ...]) -> None:
    """Check that the numbers are equal, then print one row of times."""
    ours = partial(match_many, truth, labels, thresholds)
    row = f"{truth.dtype!s:7} {', '.join(map(str, thresholds)):19}"
    if stardist_matching is None:
        print(f"{row} {1000 * medians(ours)[0]:7.1f} ms")
        return
    theirs = partial(stardist_matching, truth, labels, thresholds)
    assert_equal(ours(), theirs())
    our_time, their_time = medians(ours, theirs)
    print(f"{row} {1000 * our_time:7.1f} ms {1000 * their_time:7.1f} ms {their_time / our_time:6.1f} x")


def assert_equal(ours: Any, theirs: Any) -> None:
    for our, their in zip(ours, theirs, strict=True):
        counts = our.true_positives, our.false_positives, our.false_negatives
        assert counts == (their.tp, their.fp, their.fn), (our, their)
        # stardist keeps IoU in float32
        assert math.isclose(our.mean_matched_iou, their.mean_matched_score, abs_tol=1e-6), (our, their)
        assert math.isclose(our.panoptic_quality, their.panoptic_quality, abs_tol=1e-6), (our, their)


def medians(*functions: Callable[[], object]) -> list[float]:
    """Median seconds of each function, called in turns."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(TURNS):
        for function, taken in zip(functions, times, strict=True):
            start = perf_counter()
            function()
            taken.append(perf_counter() - start)
    return [median(taken) for taken in times]


def two_label_images(random: np.random.Generator) -> tuple[Labels, Labels]:
    """Ellipses on a jittered grid; then shifted, a tenth thinner, some of them missed or invented."""
    pitch = SIDE / GRID
    places = random.permutation(GRID**2)
    centres = np.stack(np.divmod(places, GRID), axis=1) * pitch + pitch / 2
    centres += random.uniform(-pitch / 8, pitch / 8, centres.shape)
    radii = random.uniform(9, 18, centres.shape)
    found = np.append(random.permutation(OBJECTS)[: OBJECTS - 60], np.arange(OBJECTS, GRID**2))
    shifts = random.normal(0, 2, centres.shape)
    truth = paint(centres[:OBJECTS], radii[:OBJECTS])
    return truth, paint((centres + shifts)[found], 0.9 * radii[found])


def paint(centres: np.ndarray[Any, Any], radii: np.ndarray[Any, Any]) -> Labels:
    """Label image of upright ellipses, numbered from 1."""
    labels = np.zeros((SIDE, SIDE), np.int32)
    for number, (centre, radius) in enumerate(zip(centres, radii, strict=True), start=1):
        low = np.maximum(0, np.ceil(centre - radius)).astype(int)
        high = np.minimum(SIDE, np.floor(centre + radius) + 1).astype(int)
        box = tuple(slice(*ends) for ends in zip(low, high, strict=True))
        grid = np.ogrid[box]
        inside = sum(((axis - c) / r) ** 2 for axis, c, r in zip(grid, centre, radius, strict=True)) <= 1
        labels[box][inside] = number
    return labels


if __name__ == "__main__":
    main()
