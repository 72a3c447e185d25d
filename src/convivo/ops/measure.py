"""Measure labelled objects, in bands of the image, so that a very large one needs little more memory than itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from convivo.types import AnyArray, Labels, Map, Measured, PageIndex

BAND = 4_000_000  # pixels looked at together

Counts = NDArray[np.int64]


def areas(labels: Labels) -> Counts:
    """Number of pixels of each label from 0 to the largest; unknown pixels (below 0) are not counted."""
    counts = np.zeros(_largest(labels) + 1, np.int64)
    for band in _bands(labels):
        part = labels[band]
        part = part[part >= 0]
        counts += np.bincount(part.astype(np.intp, copy=False), minlength=len(counts))
    return counts


def compact(labels: Labels) -> Labels:
    """The same objects with ids small enough to index arrays by; unknown pixels stay below 0."""
    if _largest(labels) <= labels.size:
        return labels
    known = labels >= 0
    _, number = np.unique(np.append(labels[known], 0), return_inverse=True)  # 0 stays 0
    out = np.full(labels.shape, -1, np.int64)
    out[known] = number[:-1]
    return out


def diameters(areas_or_volumes: NDArray[np.generic], dimensions: int) -> NDArray[np.float64]:
    """Diameters of circles of these areas, or of spheres of these volumes."""
    sizes = areas_or_volumes.astype(np.float64)
    return np.sqrt(4 * sizes / np.pi) if dimensions == 2 else np.cbrt(6 * sizes / np.pi)


def edge_labels(labels: Labels) -> NDArray[np.intp]:
    """Labels of the objects on any face of the image, in order."""
    if not labels.size:
        return np.zeros(0, np.intp)
    faces = [np.take(labels, end, axis=axis).ravel() for axis in range(labels.ndim) for end in (0, -1)]
    found = np.unique(np.concatenate(faces))
    return found[found > 0].astype(np.intp)


def measure(
    labels: Labels,
    intensity: AnyArray,
    probability: Map,
    page: PageIndex = (),
    *,
    certainty: Map | None = None,
) -> tuple[Measured, ...]:
    """Every object of a label image (Y, X) or (Z, Y, X), in the order of the labels.

    `intensity` is the first channel in its own units; `probability` the foreground probability; both have the
    labels' shape. An object's own probability is the mean over it, or where given `certainty[label - 1]`.
    """
    count = _largest(labels) + 1
    sums = np.zeros((labels.ndim + 3, count))  # area, position along each axis, intensity, probability
    for band in _bands(labels):
        sums += _band_sums(labels[band], band.start, intensity[band], probability[band], count)
    edge = set(edge_labels(labels).tolist())
    present = np.flatnonzero(sums[0])
    means = sums[1:, present] / sums[0, present]
    return tuple(
        Measured(
            label=int(label),
            position=tuple(float(place) for place in column[:-2]),
            area=int(sums[0, label]),
            mean_intensity=float(column[-2]),
            probability=float(column[-1] if certainty is None else certainty[label - 1]),
            touches_edge=int(label) in edge,
            page=page,
        )
        for label, column in zip(present, means.T, strict=True)
    )


def _band_sums(
    labels: Labels, start: int, intensity: AnyArray, probability: Map, count: int
) -> NDArray[np.float64]:
    """What each object adds up to within one band."""
    objects = labels > 0
    inside = np.flatnonzero(objects)
    ids = labels.ravel()[inside].astype(np.intp)
    weights = [None, *_places(objects, inside), intensity.ravel()[inside], probability.ravel()[inside]]
    sums: NDArray[np.float64] = np.array([np.bincount(ids, each, minlength=count) for each in weights], float)
    sums[1] += start * sums[0]
    return sums


def _places(objects: NDArray[np.bool_], inside: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Where the `inside` pixels lie along each axis. Line by line: dividing every flat index takes longer."""
    *in_front, length = objects.shape
    lines = np.indices(in_front).reshape(len(in_front), -1)
    in_line = np.count_nonzero(objects, axis=-1).ravel()
    begins = np.arange(lines.shape[1]) * length
    return [*(np.repeat(axis, in_line) for axis in lines), inside - np.repeat(begins, in_line)]


def _bands(labels: Labels) -> Iterator[slice]:
    """Slices along the first axis of about as many pixels as a band has."""
    rows = max(1, BAND // max(1, labels[:1].size))
    return (slice(first, min(first + rows, len(labels))) for first in range(0, len(labels), rows))


def _largest(labels: Labels) -> int:
    return max(0, int(labels.max())) if labels.size else 0
