"""Tiles that continue one another: the last column of one is followed by the first column of the other.

It is how a jigsaw is solved from pictures alone (Gallagher 2012): grey values run on across the right seam with no
larger step than from one column to the next within either tile. Two things are asked of a seam. Its profile must agree,
which needs something to see along it; and the step across it must be no larger than the steps beside it, which chance
does not give, because two fields differ in their background. An edge has one neighbour, so a seam counts only where
both tiles have no better one.

The second question needs grey values as they were cut: tiles whose brightness was stretched one by one are not found.
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
AGREE = 0.6  # correlation of profiles; edges read backwards reach it with a small step once in 100 000 times
STEP = 1.2  # step across the seam over the steps beside it; 1 where the picture simply goes on

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
    yield from _to_the_right(pictures)
    yield from _to_the_right([picture.T for picture in pictures])


def _to_the_right(images: Sequence[AnyArray]) -> Iterator[Seam]:
    heights = [len(image) if image.ndim == 2 and min(image.shape) > 2 else 0 for image in images]
    for height in sorted({each for each in heights if each >= SHORTEST}):
        members = [number for number, each in enumerate(heights) if each == height]
        if len(members) < 2:
            continue
        tiles = [images[number] for number in members]
        right = Edges(np.stack([tile[:, -1] for tile in tiles]), np.stack([tile[:, -2] for tile in tiles]))
        left = Edges(np.stack([tile[:, 0] for tile in tiles]), np.stack([tile[:, 1] for tile in tiles]))
        for first, second, agreement, step in matching(right, left):
            yield Seam(members[first], members[second], agreement, step)


def matching(right: Edges, left: Edges) -> Iterator[tuple[int, int, float, float]]:
    """Which right edges are continued by which left edges: both numbers, correlation and step."""
    agreements = _profiles(right) @ _profiles(left).T
    np.fill_diagonal(agreements, -1)
    steps = np.full(agreements.shape, np.inf)
    for first, second in np.argwhere(agreements > AGREE):
        steps[first, second] = _step(right, left, first, second)
    agreements[steps > STEP] = -1
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


def _step(right: Edges, left: Edges, first: int, second: int) -> float:
    across = np.abs(right.outer[first] - left.outer[second]).mean()
    beside = np.abs(right.outer[first] - right.inner[first]).mean()
    beside += np.abs(left.outer[second] - left.inner[second]).mean()
    return float(2 * across / beside) if beside > 0 else float("inf")
