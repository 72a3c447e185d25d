"""Choose where training patches come from, so that rare classes are seen.

A net that is shown pixels as they come learns the background well and the borders hardly: missing them costs little.
So most patches are drawn around a pixel of a class chosen first, each class but the background as often as the
others. What share of the shown pixels each class then has is measured and reported.

Nor are images alike: one of large cells has most of the pixels, one of small cells most of the objects. An image is
drawn by the square root of the number of its objects, so that neither many nor large ones drown the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convivo.errors import BadInput
from convivo.types import Map

REMEMBERED = 20_000  # positions kept for each class and image: enough to choose from, small enough to hold


@dataclass(frozen=True, slots=True)
class Place:
    """Image number and patch centre."""

    image: int
    centre: tuple[int, ...]


class BalancedPlaces:
    """Places of patches in a set of class maps (Y, X) or (Z, Y, X); NaN is unknown and never chosen."""

    def __init__(
        self,
        classes: Sequence[Map],
        *,
        count: int,
        foreground: float = 0.9,
        objects: Sequence[int] | None = None,  # in each image; by default as many in all
    ) -> None:
        self.shapes = [each.shape for each in classes]
        self.foreground = foreground  # share of patches drawn by class; the others from any known pixel
        chooser = np.random.default_rng(0)  # which positions are remembered must not depend on anything else
        found = [[_positions(each, number, chooser) for each in classes] for number in range(count)]
        self._totals = np.array(
            [[int((each == number).sum()) for each in classes] for number in range(count)]
        )
        self._positions = found
        self._drawn = [number for number in range(1, count) if self._totals[number].sum() > 0]
        if not self._drawn:
            raise BadInput(
                f"the {len(classes)} training images have no annotated object",
                fix="check that the masks are label images: 0 for background, 1, 2, 3 ... for the objects",
            )
        self._shares = self._totals.sum(axis=1) / self._totals.sum()
        self._weights = np.sqrt(np.maximum(1, objects if objects is not None else np.ones(len(classes))))

    def draw(self, size: tuple[int, ...], rng: np.random.Generator) -> Place:
        """One place for a patch of `size`, which then contains a pixel of the chosen class."""
        by_class = rng.random() < self.foreground
        number = int(rng.choice(self._drawn) if by_class else rng.choice(len(self._totals), p=self._shares))
        totals = self._totals[number]
        weights = np.where(totals > 0, self._weights, 0) if by_class else totals
        image = int(rng.choice(len(weights), p=weights / weights.sum()))
        known = self._positions[number][image]
        chosen = int(known[rng.integers(len(known))])
        pixel = tuple(int(i) for i in np.unravel_index(chosen, self.shapes[image]))
        return Place(image, self._centre(image, pixel, size, rng))

    def natural_frequencies(self) -> tuple[float, ...]:
        """Share of each class among the annotated pixels."""
        return tuple(float(share) for share in self._shares)

    def _centre(
        self, image: int, pixel: tuple[int, ...], size: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[int, ...]:
        """A centre near the pixel, moved into the image as far as the patch fits there."""
        shifted = [
            place + int(rng.integers(-(side // 4), side // 4 + 1))
            for place, side in zip(pixel, size, strict=True)
        ]
        return tuple(
            length // 2 if length <= side else int(np.clip(place, side // 2, length - (side + 1) // 2))
            for place, side, length in zip(shifted, size, self.shapes[image], strict=True)
        )


def frequencies(patches: Sequence[Map], count: int) -> tuple[float, ...]:
    """Share of each class among the known pixels of some patches of class maps."""
    known = np.concatenate([each[np.isfinite(each)].ravel() for each in patches])
    counts = np.bincount(known.astype(np.int64), minlength=count)
    return tuple(float(number / max(1, counts.sum())) for number in counts)


def _positions(classes: Map, number: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Flat positions of a class, at most as many as are remembered."""
    positions = np.flatnonzero(classes == number)
    if len(positions) > REMEMBERED:
        positions = np.sort(rng.choice(positions, REMEMBERED, replace=False))
    return positions
