"""What lies in a file, before anything is decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convivo.io.units import Lengths

if TYPE_CHECKING:
    from convivo.types import AnyArray


@dataclass(frozen=True, slots=True)
class Stored:
    """An array with what its file says of it."""

    array: AnyArray
    axes: str = ""  # as the file gives them; Q or I for pages of an unknown kind, empty where it says nothing
    channels: tuple[str, ...] = ()  # names, where the file has one for each channel
    lengths: Lengths = field(default_factory=Lengths)
    colours: bool = False  # channels are grey or red, green, blue, and perhaps alpha, of one picture
