"""Images from disk as convivo passes them around: TIFF (plain, ImageJ, OME), PNG, JPEG and NumPy's .npy."""

from __future__ import annotations

from pathlib import Path

from convivo.errors import BadInput
from convivo.io.decode import decode, grey_where_equal, pick
from convivo.io.kinds import stem
from convivo.io.label_images import (
    read_label_image,
    read_labels,
    write_channels,
    write_image,
    write_labels,
    write_map,
)
from convivo.types import Image

__all__ = [
    "read",
    "read_label_image",
    "read_labels",
    "write_channels",
    "write_image",
    "write_labels",
    "write_map",
]


def read(
    path: str | Path, *, axes: str | None = None, channel: int | str | None = None, finite: bool = True
) -> Image:
    """Read one image with its axes, its name and, where the file says it, its pixel size in µm.

    axes     what the axes of the stored array are, for example "ZYX"; by default the file says it
    channel  keep this one alone: its number, counted from 0, or its name
    finite   refuse NaN and infinity; without it, whoever reads looks for them

    The dtype stays as it was stored. Alpha is dropped, and a colour picture whose planes are equal becomes
    grey. Raises BadInput for what is no image or cannot be read whole, for ambiguous axes, NaN and infinity.
    """
    path = Path(path)
    stored = decode(path, axes, finite=finite)
    array, held = stored.array, stored.axes
    if channel is not None:
        count = array.shape[held.index("C")]
        array = pick(array, held, _channel_number(channel, count, stored.channels, path))
    elif stored.colours:
        array = grey_where_equal(array, held)
    return Image(array, held, stem(path), stored.lengths.along(held))


def _channel_number(channel: int | str, count: int, names: tuple[str, ...], path: Path) -> int:
    """Which channel is meant. A name goes before a number, for there are channels called 488."""
    wanted = str(channel)
    if wanted in names:
        return names.index(wanted)
    if wanted.isdecimal():
        if int(wanted) < count:
            return int(wanted)
        raise BadInput(f"channel {wanted} of {path} does not exist", fix=_numbers(count))
    alike = [number for number, name in enumerate(names) if name.casefold() == wanted.casefold()]
    if len(alike) == 1:
        return alike[0]
    named = ", ".join(repr(name) for name in names if name)
    fix = f"the names are {named}" if named else f"its channels have no names; {_numbers(count)}"
    raise BadInput(f"channel {channel!r} of {path} does not exist", fix=fix)


def _numbers(count: int) -> str:
    if count == 1:
        return "it has 1 channel, number 0: leave out --channel"
    return f"it has {count} channels, numbered 0 to {count - 1}"
