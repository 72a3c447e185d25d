"""What a new net must be told of the images it will learn from: sizes that they share, or nothing is learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convivo.errors import BadInput
from convivo.types import Annotated, AnyArray, Image, Restorable

Example = Annotated | Restorable  # of training data


def first_page(image: Image, dimensions: int) -> AnyArray:
    """The first (C, ...) page of an image, as a net of so many dimensions sees it."""
    return next(iter(image.pages(dimensions)))[1]


def dimensions_of(each: Example) -> int:
    """Axes of space that an image of the training data shows at once."""
    if isinstance(each, Annotated):
        return each.labels.ndim
    return 3 if "Z" in each.image.axes else 2


def sizes_for(data: Sequence[Example]) -> dict[str, int]:
    """Sizes of a net that follow from the data."""
    sizes = {
        "dimensions": _common("number of dimensions", {each.name: dimensions_of(each) for each in data}),
        "channels": _common("number of channels", {each.name: _channels(each.image) for each in data}),
    }
    targets = {
        each.name: _channels(each.target or each.image) for each in data if isinstance(each, Restorable)
    }
    if targets:
        sizes["restored"] = _common("number of channels of the targets", targets)
        if sizes["restored"] != sizes["channels"]:
            sizes["residual"] = False  # there is no channel of its own for each to begin as
    return sizes


def _channels(image: Image) -> int:
    return int(image.array.shape[image.axes.index("C")])


def _common(what: str, values: dict[str, int]) -> int:
    """The one value that all images share."""
    first = next(iter(values))
    for name, value in values.items():
        if value != values[first]:
            raise BadInput(
                f"the {what} differs: {first} has {values[first]}, {name} has {value}",
                fix="train on images of one kind, or choose one channel with --channel",
            )
    return values[first]


def shared_pixel_size(data: Sequence[Example]) -> Any:
    """The pixel size, where all images state the same one."""
    sizes = {each.image.pixel_size for each in data}
    return sizes.pop() if len(sizes) == 1 else None
