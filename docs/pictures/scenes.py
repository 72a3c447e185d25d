"""Simulated fields of nuclei, and how an answer is drawn beside its truth."""

from __future__ import annotations

import numpy as np

from convivo.ops.scores import matched_pairs
from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.report.pictures import Picture, compare, grey, outlines
from convivo.report.scaling import scale_labels
from convivo.report.unmatched import unmatched
from convivo.types import Annotated, AnyArray, Image, Labels, Region

WIDE = (176, 240)  # pixels along Y and X of a field that fills a panel, each as a square of pixels
LARGE = (2 * WIDE[0], 2 * WIDE[1])
WHOLE = (slice(None), slice(None))
CORNER = (slice(0, WIDE[0] // 2), slice(0, WIDE[1] // 2))  # of a wide one


def fields(
    count: int, scene: Scene | None = None, microscope: Microscope | None = None, *, seed: int = 0
) -> list[Annotated]:
    """So many annotated fields, each a group of its own."""
    pictures = simulate_many(count, scene or Scene(), microscope or Microscope(), seed=seed)
    return [field(picture.image, picture.labels, f"field{number}") for number, picture in enumerate(pictures)]


def field(pixels: AnyArray, labels: Labels, name: str = "field") -> Annotated:
    """(Y, X) pixels and labels under a name."""
    return Annotated(Image(pixels[None], "CYX", name), labels, name)


def beside_truth(pixels: AnyArray, labels: Labels, truth: Labels, part: Region = WHOLE) -> Picture:
    """Found outlines beside true ones: what is missed is hatched blue, what is invented tinted orange."""
    alone = unmatched(labels, truth, matched_pairs(truth, labels))
    large = large_shape(pixels[part].shape)
    image, found, true = (scale_labels(each[part], large) for each in (pixels, labels, truth))
    return compare(image, found, true, alone)


def with_outlines(pixels: AnyArray, labels: Labels) -> Picture:
    """Outlines in orange over the image."""
    large = large_shape(pixels.shape)
    return outlines(scale_labels(pixels, large), scale_labels(labels, large))


def plain(pixels: AnyArray) -> Picture:
    """Grey values."""
    return grey(np.asarray(pixels, np.float32))


def numbers_of(labels: Labels) -> int:
    """How many objects."""
    return len(np.unique(labels[labels > 0]))


def large_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """At which it fills a panel, so that lines drawn on it stay thin."""
    times = max(1, LARGE[0] // shape[0])
    return times * shape[0], times * shape[1]
