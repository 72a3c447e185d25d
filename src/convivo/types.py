"""The words that every room shares: arrays with their axes, and small frozen values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convivo.errors import BadInput

AnyArray: TypeAlias = NDArray[Any]
Pixels: TypeAlias = NDArray[np.float32]  # (C, Y, X) or (C, Z, Y, X): channel first, normalised
# (Y, X) or (Z, Y, X): 0 background, 1.. objects, below 0 unknown
Labels: TypeAlias = NDArray[np.integer[Any]]
Map: TypeAlias = NDArray[np.float32]  # (Y, X) or (Z, Y, X): one number a pixel
Region: TypeAlias = tuple[slice, ...]  # one slice for each spatial axis
PageIndex: TypeAlias = tuple[int, ...]  # where a page lies along the axes that a net does not see


@dataclass(frozen=True, slots=True)
class PixelSize:
    """How long a pixel is along each spatial axis, in the order (Z,) Y, X."""

    lengths: tuple[float, ...]
    unit: str = "µm"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as it was stored: its own dtype, its axes in the order TCZYX, C always present."""

    array: AnyArray
    axes: str = "CYX"
    name: str = ""
    pixel_size: PixelSize | None = None

    def page_axes(self, dimensions: int) -> str:
        """Axes that a net of so many dimensions does not see, and therefore goes through page by page."""
        return "".join(axis for axis in self.axes if axis == "T" or (axis == "Z" and dimensions == 2))

    def pages(self, dimensions: int) -> Iterator[tuple[PageIndex, AnyArray]]:
        """Yield each (C, Y, X) page, or each (C, Z, Y, X) stack where `dimensions` is 3, with its index."""
        walked = [self.axes.index(axis) for axis in self.page_axes(dimensions)]
        for index in product(*(range(self.array.shape[position]) for position in walked)):
            where: list[int | slice] = [slice(None)] * self.array.ndim
            for position, number in zip(walked, index, strict=True):
                where[position] = number
            yield index, self.array[tuple(where)]


@dataclass(frozen=True, slots=True)
class Annotated:
    """An image with its label image; `group` names what must stay on one side of a split."""

    image: Image
    labels: Labels  # the image's spatial shape
    group: str

    @property
    def name(self) -> str:
        """Name of the image."""
        return self.image.name


@dataclass(frozen=True, slots=True)
class Restorable:
    """An image to learn restoration from; `group` names what must stay on one side of a split."""

    image: Image
    target: Image | None  # the same field as it should look, on the same pixel grid; None: nobody knows
    group: str

    @property
    def name(self) -> str:
        """Name of the image."""
        return self.image.name


@dataclass(frozen=True, slots=True)
class Measured:
    """One found object: a row of `objects.csv`. Positions are pixels, area is a count of pixels or voxels."""

    label: int
    position: tuple[float, ...]  # centre of mass, (Z,) Y, X
    area: int
    mean_intensity: float  # of the first channel, in the image's own units
    probability: float  # that it is one: the mean inside it, or what the method says of the whole
    touches_edge: bool
    page: PageIndex = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of one image. Arrays have the spatial shape of the image, page axes in front."""

    labels: Labels
    probability: Map
    objects: tuple[Measured, ...]
    engine: str  # who multiplied, e.g. "openvino bfloat16"
    notes: tuple[str, ...] = ()
    page_axes: str = ""
    measure_rays: Callable[[], Pixels] | None = None

    @property
    def rays(self) -> Pixels:
        """Distances to the boundary along each ray of a StarDist model, (rays, Y / grid, X / grid), in pixels.

        Page axes stand in front. The net is asked once more for them, because finding objects needs no such map.
        """
        if self.measure_rays is None:
            raise BadInput("this model measures no rays", fix="use a StarDist model")
        return self.measure_rays()


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a model makes of one image: the image again, in float32, neither rounded nor clipped.

    `uncertainty` holds, where the model knows it, maps of the same shape in the same units, by name:
    data, model and total are standard deviations, disagreement goes from 0 to 1.
    """

    image: Image
    engine: str
    notes: tuple[str, ...] = ()
    uncertainty: Mapping[str, Pixels] = field(default_factory=dict)
