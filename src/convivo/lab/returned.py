"""A corrected label image that comes back, as the server hands it to the worker. Light: the server imports it."""

from __future__ import annotations

import msgspec

from convivo.lab.folders import Place

ASIDE = "returning"  # folder of the lab; files lie there while they are looked at


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and the image that it belongs to."""

    image: str  # name of the image, which its results have
    source: Place | str  # where the image is: a place in a chosen folder, or the ID of a dropped one
    into: str  # name of the data folder
    aside: str  # name of the folder in which the file was kept
    file: str  # its ID there
    unknown: bool = False  # whether 65535 says that nobody looked at a pixel
    axes: str | None = None  # of the stored image, where the file does not say them


class TakenBack(msgspec.Struct, frozen=True):
    """What is in the data folder now."""

    image: str
    objects: int
    unknown: float  # share of the pixels that nobody looked at
    marked: bool  # 65535 is the highest number and was taken for an object's
