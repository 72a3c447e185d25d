"""What every method is: a net and a few functions.

    targets   once per image: what the net should say            (restoration: the target is an image)
    example   once per patch: what the net is shown, and what it should say there
    loss      how far its answer is off
    decode    from the answers of the tiles to objects, or to a restored image

Decoding is fed a stream of (tile, output), so that no method needs all outputs at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from torch import Tensor

from convivo.errors import BadInput
from convivo.nets.restoration import RestorationNet
from convivo.nets.stardist import StarDistNet
from convivo.nets.unet import UNet, UNetSize
from convivo.ops.tiling import Tile
from convivo.types import AnyArray, Labels, Map, Pixels

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Settings = Mapping[str, float | str]  # of a decoder, or of what hides pixels; they live on the model's card
Net = UNet | StarDistNet | RestorationNet
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
class Restored:
    """What restoration nets say of an image, (restored channels, ...), in the units that the net is shown.

    The others are standard deviations; None where the model cannot tell.
    """

    mean: Pixels
    data: Pixels | None = None  # what the nets expect to be off: noise that no net could see through
    model: Pixels | None = None  # how far the nets of an ensemble differ: what they did not learn
    disagreement: Pixels | None = None  # 0: one opinion, 1: as many as nets


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """One paper's way of asking a net and reading its answer."""

    name: str
    title: str  # what it is for, in a line, with its paper
    size: Callable[..., UNetSize]  # of a net for this method, with its defaults
    net: Callable[..., Net]  # the net of a size
    loss: Callable[[Tensor, Tensor], Tensor]  # (B, outputs, Y, X), (B, T, Y, X) -> one number
    rule: Callable[[Settings], object]  # settings as they are used; refuses what means nothing
    settings: Settings  # before any search
    rate: float = 1e-3  # learning rate at its highest
    patch: int = 256  # side of the squares that training shows
    batch: int = 4  # of them in a step,
    batch_of_stacks: int = 4  # or so many, where the net is of three dimensions


@dataclass(frozen=True, kw_only=True, slots=True)
class Segmentation(Method):
    """A method that finds objects."""

    classes: tuple[str, ...]  # what the first target channel counts; patches are balanced over them
    targets: Callable[[Labels], Pixels]  # label image -> (T, Y, X); NaN is unknown
    example: Callable[
        [Pixels, Pixels, Any, np.random.Generator], tuple[Pixels, Pixels]
    ]  # Any: the net's size
    decode: Callable[
        [TileOutputs, tuple[int, ...], Settings, Any], Decoded
    ]  # shape of the image, the net's size
    # the same in two steps, so that one answer of a net can be decided more than once: what is read from it under some
    # settings, and what that means under others (see `loosest`)
    gather: Callable[[TileOutputs, tuple[int, ...], Settings, Any], Any]
    decide: Callable[[Any, Settings], Decoded]
    loosest: (
        Settings  # what is gathered under these can be decided under all settings that are not below them
    )
    search: Mapping[str, tuple[float, ...]]  # values tried on the selection part, one setting after the other
    sure: str  # the setting that says from which probability on there is an object


@dataclass(frozen=True, kw_only=True, slots=True)
class Restoration(Method):
    """A method that makes a better image of an image; its target is another image, or the image itself."""

    has_targets: bool  # whether it learns from pairs, or from noisy images alone
    # what the score of the images that choose is called on the card: dB below the scale that the net is shown, which is
    # no PSNR of restored images
    selection_score: str
    example: Callable[[Pixels, Pixels, Settings, np.random.Generator], tuple[Pixels, Pixels]]
    decode: Callable[[TileOutputs, tuple[int, ...], Any], Restored]  # shape of the image, the net's size


def rule_from(settings: Settings, kind: type[Rule], whose: str) -> Rule:
    """The rule that a card's settings describe; `whose`, for the error.

    Each value takes the type of its default: JSON and a search know only numbers, and some settings are whole ones.
    """
    kinds: dict[str, type[Any]] = {field.name: type(field.default) for field in fields(kind)}
    values: dict[str, Any] = {}
    for name, value in settings.items():
        if name not in kinds:
            raise BadInput(f"{whose} has no setting {name!r}", fix=f"use {', '.join(kinds)}")
        try:
            values[name] = kinds[name](value)
        except (TypeError, ValueError, OverflowError) as error:
            raise BadInput(
                f"the setting {name} of {whose} is {value!r}", fix="use a number, such as 0.5"
            ) from error
        if kinds[name] is int and (values[name] != value or values[name] < 1):
            raise BadInput(
                f"the setting {name} of {whose} is {value!r}",
                fix="use a whole number of pixels, from 1 on",
            )
    return kind(**values)
