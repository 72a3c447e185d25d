"""Where nuclei lie: each is tried at random places, or pushed against another, until it fits.

A nucleus' centre lies inside the image. It fits where it shares no more of its area than allowed with nuclei
already there, where those keep their own share, and where each stays in one piece.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.errors import BadInput
from convivo.ops.simulate.nucleus import Mask, Nucleus, chromatin, draw
from convivo.ops.simulate.settings import Scene
from convivo.types import Labels, Map, Region

TRIES = 300  # places for one nucleus

Place = tuple[int, ...]  # of a nucleus' centre


def populate(scene: Scene, rng: np.random.Generator) -> tuple[Labels, Map]:
    """Fill a scene: labels, and the light that leaves each pixel, 1 in an ordinary nucleus."""
    field = Field(scene)
    texture = chromatin(scene, rng)
    for _ in range(scene.nuclei):
        nucleus = draw(scene, texture, rng)
        limit = rng.uniform(0, scene.overlap)
        place = next(_places(field, nucleus, limit, rng), None)
        if place is None:
            raise BadInput(
                f"only {len(field.places)} of {scene.nuclei} nuclei of diameter {scene.diameter:g} "
                f"found room in {' x '.join(map(str, scene.shape))} pixels",
                fix="ask for fewer or smaller nuclei, a larger shape, or more overlap",
            )
        field.add(nucleus, place)
    return field.labels, field.light


class Field:
    """The nuclei put so far."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.labels: Labels = np.zeros(scene.shape, np.uint16 if scene.nuclei < 2**16 else np.uint32)
        self.light = np.zeros(scene.shape, np.float32)
        self.places: list[Place] = []
        self.sizes: list[float] = []  # longest half axis, in pixels
        self._regions: list[Region] = []
        self._areas: list[int] = []

    def fits(self, nucleus: Nucleus, place: Place, limit: float) -> bool:
        """Whether a nucleus may lie here, with at most the share `limit` of it on top of others."""
        region, crop = self._where(nucleus, place)
        mask = nucleus.mask[crop]
        if mask.shape != nucleus.mask.shape and not _connected(mask):  # cut by the border
            return False
        under = self.labels[region][mask]
        below = under[under > 0]
        if len(below) > limit * len(under):
            return False
        return len(below) == 0 or self._all_stay(np.unique(below), region, mask)

    def add(self, nucleus: Nucleus, place: Place) -> None:
        """Put a nucleus on top of all others."""
        region, crop = self._where(nucleus, place)
        mask = nucleus.mask[crop]
        self.places.append(place)
        self.sizes.append(max(np.multiply(nucleus.mask.shape, self.scene.spacing)) / 2)
        self._regions.append(region)
        self._areas.append(int(mask.sum()))
        self.labels[region][mask] = len(self.places)
        self.light[region] += nucleus.light[crop]

    def _where(self, nucleus: Nucleus, place: Place) -> tuple[Region, Region]:
        """Where a nucleus' box lies in the image, and which part of the box that is."""
        corner = np.subtract(place, nucleus.centre)
        first = np.maximum(corner, 0)
        last = np.minimum(corner + nucleus.mask.shape, self.labels.shape)
        return tuple(map(slice, first, last)), tuple(map(slice, first - corner, last - corner))

    def _all_stay(self, below: NDArray[np.integer], region: Region, mask: Mask) -> bool:
        """Whether the nuclei below keep their share, in one piece, if this one lies on top."""
        before = self.labels[region].copy()
        self.labels[region][mask] = 0
        stay = all(self._stays(int(label)) for label in below)
        self.labels[region] = before
        return stay

    def _stays(self, label: int) -> bool:
        seen = self.labels[self._regions[label - 1]] == label
        enough = int(seen.sum()) >= (1 - self.scene.overlap) * self._areas[label - 1]
        return enough and _connected(seen)


def _places(field: Field, nucleus: Nucleus, limit: float, rng: np.random.Generator) -> Iterator[Place]:
    """Yield places where the nucleus fits, by itself or in company; in a full field try both."""
    company = rng.random() < field.scene.crowding
    for attempt in range(TRIES):
        if field.places and (company if attempt < TRIES // 2 else attempt % 2):
            place = _against_another(field, nucleus, limit, rng)
            if place is not None:
                yield place
        else:
            place = tuple(int(i) for i in rng.integers(0, field.labels.shape))
            if field.fits(nucleus, place, limit):
                yield place


def _against_another(field: Field, nucleus: Nucleus, limit: float, rng: np.random.Generator) -> Place | None:
    """Push a nucleus towards another, pixel by pixel, as far as it goes; None where the way is barred."""
    other = rng.integers(len(field.places))
    direction = rng.standard_normal(nucleus.mask.ndim)
    direction /= np.linalg.norm(direction) * np.array(field.scene.spacing)
    reached = None
    own = max(np.multiply(nucleus.mask.shape, field.scene.spacing)) / 2
    for distance in np.arange(own + field.sizes[other] + 1, 0, -1):
        spot = np.rint(field.places[other] + distance * direction).astype(int)
        if (spot < 0).any() or (spot >= field.labels.shape).any():
            continue
        place = tuple(int(i) for i in spot)
        if not field.fits(nucleus, place, limit):
            break
        reached = place
    return reached


def _connected(mask: Mask) -> bool:
    return bool(ndimage.label(mask)[1] == 1)
