"""Tiles that continue one another: the last column of one is followed by the first column of the other.

It is how a jigsaw is solved from pictures alone (Gallagher 2012): grey values run on across the right seam with hardly
a larger step than from one column to the next within either tile. Two things are asked of a seam. Its profile must
agree, which needs something to see along it; and the step across it must be no larger than the steps beside it, both
over all of the edge, as two fields differ in their background, and where objects are cut. An edge has one neighbour,
so a seam counts only where both tiles have no better one.

How well profiles agree by chance depends on the images: edges that cut a single round object all look alike. So the
same edges are compared with each other read backwards, which cannot continue one another, and the limit is raised
until hardly any of those passes: decoys, as proteomics uses them (Elias, Gygi 2007).

The step needs grey values as they were cut: tiles whose brightness was stretched one by one are not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.types import AnyArray

SHORTEST = 64  # pixels: profiles of shorter edges agree by chance
NARROW, WIDE = 1.0, 15.0  # sigmas of the band in which profiles are compared
AGREE = 0.75  # correlation of profiles, at least
STEP, STEP_AT_OBJECTS = 1.2, 1.5  # step across the seam over the steps beside it; 1 where the picture goes on
SAME = 0.5  # below that it is no next line but the same one again: a copy
DECOYS = 0.1  # share of the seams that may be chance

Lines = NDArray[np.float32]  # (images, pixels along the edge)


@dataclass(frozen=True, slots=True)
class Seam:
    """The second image lies to the right of the first, or below it."""

    first: int
    second: int
    correlation: float
    step: float


class Edges(NamedTuple):
    """The outermost lines of tiles on one side, and the ones within."""

    outer: Lines
    inner: Lines


def find_seams(images: Sequence[AnyArray]) -> Iterator[Seam]:
    """Pairs of grey images (Y, X) of one scale of grey values that are tiles next to each other."""
    pictures = [np.asarray(image, np.float32) for image in images]
    found: list[Seam] = []
    decoys: list[float] = []
    for tiles in (pictures, [picture.T for picture in pictures]):
        for members, right, left in _edges(tiles):
            found += [Seam(members[one], members[other], *how) for one, other, *how in matching(right, left)]
            backwards = Edges(left.outer[:, ::-1], left.inner[:, ::-1])
            decoys += [agreement for _, _, agreement, _ in matching(right, backwards)]
    limit = limit_from([each.correlation for each in found], decoys)
    return (each for each in found if each.correlation >= limit)


def limit_from(agreements: Sequence[float], decoys: Sequence[float]) -> float:
    """The lowest agreement from which few enough are chance, as decoys tell."""
    for limit in sorted(agreements):
        passed = sum(each >= limit for each in agreements)
        if sum(each >= limit for each in decoys) <= DECOYS * passed:
            return limit
    return float("inf")


def _edges(images: Sequence[AnyArray]) -> Iterator[tuple[list[int], Edges, Edges]]:
    """Right and left edges of all images of one height, with the images' numbers."""
    heights = [len(image) if image.ndim == 2 and min(image.shape) > 2 else 0 for image in images]
    for height in sorted({each for each in heights if each >= SHORTEST}):
        members = [number for number, each in enumerate(heights) if each == height]
        tiles = [images[number] for number in members]
        right = Edges(np.stack([tile[:, -1] for tile in tiles]), np.stack([tile[:, -2] for tile in tiles]))
        left = Edges(np.stack([tile[:, 0] for tile in tiles]), np.stack([tile[:, 1] for tile in tiles]))
        yield members, right, left


def matching(right: Edges, left: Edges) -> Iterator[tuple[int, int, float, float]]:
    """Which right edges are continued by which left edges: both numbers, correlation and step."""
    ends, begins = _profiles(right), _profiles(left)
    agreements = ends @ begins.T
    np.fill_diagonal(agreements, -1)
    steps = np.full(agreements.shape, np.inf)
    for first, second in np.argwhere(agreements > AGREE):
        shown = np.abs(ends[first]) + np.abs(begins[second])
        at_objects = _step(right, left, first, second, shown)
        step = _step(right, left, first, second, np.ones_like(shown))
        steps[first, second] = step if at_objects < STEP_AT_OBJECTS else np.inf
    agreements[(steps > STEP) | (steps < SAME)] = -1
    for first, second in enumerate(agreements.argmax(axis=1).tolist()):
        agreement = agreements[first, second]
        if agreement > AGREE and agreement == agreements[:, second].max():
            yield first, second, float(min(1.0, agreement)), float(steps[first, second])


def _profiles(edges: Edges) -> Lines:
    """Along the edge, without noise and uneven light, of mean 0 and norm 1."""
    lines = (edges.outer + edges.inner) / 2
    lines = ndimage.gaussian_filter1d(lines, NARROW, axis=1) - ndimage.gaussian_filter1d(lines, WIDE, axis=1)
    lines = lines - lines.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(lines, axis=1, keepdims=True)
    return np.where(norms > 0, lines / np.where(norms > 0, norms, 1), 0).astype(np.float32)


def _step(right: Edges, left: Edges, first: int, second: int, shown: Lines) -> float:
    """Step across the seam over the steps beside it, each pixel as much as it is `shown`."""
    across = np.abs(right.outer[first] - left.outer[second]) @ shown
    beside = np.abs(right.outer[first] - right.inner[first]) @ shown
    beside += np.abs(left.outer[second] - left.inner[second]) @ shown
    return float(2 * across / beside) if beside > 0 else float("inf")
