"""What every method is: a net and four functions.

    targets   once per image: what the net should say
    example   once per patch: what the net is shown, and what it should say there
    loss      how far its answer is off
    decode    from the answers of the tiles to objects

Decoding is fed a stream of (tile, output), so that no method needs all outputs at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from torch import Tensor

from convivo.errors import BadInput
from convivo.nets.stardist import StarDistNet
from convivo.nets.unet import UNet, UNetSize
from convivo.ops.tiling import Tile
from convivo.types import AnyArray, Labels, Map, Pixels

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Settings = Mapping[str, float | str]  # of a decoder; they live on the model's card
Net = UNet | StarDistNet
TileOutputs = Iterable[tuple[Tile, AnyArray]]
Rule = TypeVar("Rule", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a method reads from the net's output, on the net's pixel grid."""

    labels: Labels  # numbered from 1 without gaps
    probability: Map
    # (objects,) of each object, where the method knows; else the map's mean over it
    certainty: Map | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """One paper's way of asking a net and reading its answer."""

    name: str
    title: str  # what it is for, in a line, with its paper
    classes: tuple[str, ...]  # what the first target channel counts; patches are balanced over them
    size: Callable[..., UNetSize]  # of a net for this method, with its defaults
    net: Callable[..., Net]  # the net of a size
    targets: Callable[[Labels], Pixels]  # label image -> (T, Y, X); NaN is unknown
    example: Callable[
        [Pixels, Pixels, Any, np.random.Generator], tuple[Pixels, Pixels]
    ]  # Any: the net's size
    loss: Callable[[Tensor, Tensor], Tensor]  # (B, outputs, Y, X), (B, T, Y, X) -> one number
    decode: Callable[
        [TileOutputs, tuple[int, ...], Settings, Any], Decoded
    ]  # shape of the image, the net's size
    rule: Callable[[Settings], object]  # settings as the decoder reads them; refuses what means nothing
    settings: Settings  # the decoder's, before any search
    search: Mapping[str, tuple[float, ...]]  # values tried on the selection part, one setting after the other
    rate: float = 1e-3  # learning rate at its highest


def rule_from(settings: Settings, kind: type[Rule], whose: str) -> Rule:
    """The decoder's rule that a card's settings describe; `whose` decoder it is, for the error.

    Each value takes the type of its default: JSON and a search know only numbers, and some settings are whole ones.
    """
    kinds: dict[str, type[Any]] = {field.name: type(field.default) for field in fields(kind)}
    values: dict[str, Any] = {}
    for name, value in settings.items():
        if name not in kinds:
            raise BadInput(f"{whose}'s decoder has no setting {name!r}", fix=f"use {', '.join(kinds)}")
        try:
            values[name] = kinds[name](value)
        except (TypeError, ValueError, OverflowError) as error:
            raise BadInput(
                f"the setting {name} of {whose}'s decoder is {value!r}", fix="use a number, such as 0.5"
            ) from error
        if kinds[name] is int and (values[name] != value or values[name] < 1):
            raise BadInput(
                f"the setting {name} of {whose}'s decoder is {value!r}",
                fix="use a whole number of pixels, from 1 on",
            )
    return kind(**values)
