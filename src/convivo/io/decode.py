"""One array in convivo's order of axes, from a file of any kind that is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from convivo.io.axes import arrange, guess_axes
from convivo.io.kinds import kind_of
from convivo.io.pictures import read_picture
from convivo.io.pixels import check_finite, real
from convivo.io.tiff import read_tiff

if TYPE_CHECKING:
    from pathlib import Path

    from convivo.io.stored import Stored
    from convivo.types import AnyArray


def decode(path: Path, axes: str | None = None, *, numbers: bool = False, finite: bool = True) -> Stored:
    """Pixels in the order TCZYX with C always there and without alpha; all of them real, and finite unless not asked.

    `axes` overrides what the file says; `numbers` keeps the numbers of a PNG's palette, not its colours.
    """
    kind = kind_of(path)
    stored = read_tiff(path, axes) if kind == "TIFF" else read_picture(path, kind, numbers=numbers)
    said = axes or stored.axes or guess_axes(stored.array.shape, str(path))
    array, held = arrange(real(stored.array, str(path)), said, str(path))
    if stored.colours:
        array = _without_alpha(array, held)
    if finite:
        check_finite(array, held, str(path))
    return replace(stored, array=array, axes=held)


def pick(array: AnyArray, axes: str, channel: int) -> AnyArray:
    """One channel alone, C still there."""
    return _channels(array, axes, slice(channel, channel + 1))


def grey_where_equal(array: AnyArray, axes: str) -> AnyArray:
    """One channel where red, green and blue are the same picture."""
    planes = np.moveaxis(array, axes.index("C"), 0)
    equal = len(planes) == 3 and np.array_equal(planes[0], planes[1]) and np.array_equal(planes[0], planes[2])
    return pick(array, axes, 0) if equal else array


def _without_alpha(array: AnyArray, axes: str) -> AnyArray:
    """RGB of RGBA, grey of grey with alpha."""
    channels = array.shape[axes.index("C")]
    return _channels(array, axes, slice(channels - 1)) if channels in (2, 4) else array


def _channels(array: AnyArray, axes: str, which: slice) -> AnyArray:
    return array[(slice(None),) * axes.index("C") + (which,)]
