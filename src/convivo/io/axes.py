"""Which axis of an array is which, and the one order in which convivo holds them.

    said by a person or a file    YX   YXC   ZYX   CYX   TZCYX   YXS (tifffile's name for RGB samples) ...
    held                          T C Z Y X, without T and Z where the image has none, C always

Where nobody says, two dimensions are Y X and a last axis of 3 or 4 is colour. Anything else is asked back:
three pages may be three planes, three moments or three channels, and a wrong guess would go unnoticed.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from convivo.errors import BadInput
from convivo.io.pixels import check_finite, real
from convivo.types import AnyArray, Image

if TYPE_CHECKING:
    from collections.abc import Iterable

HELD: Final = "TCZYX"
_PAGES: Final = "TZC"  # order in which ImageJ stores pages
_COLOURS: Final = (3, 4)  # RGB, and RGB with alpha
_KNOWN: Final = "use T (time), Z (depth), C (channel), Y and X once each, for example YX, ZYX, YXC or TZCYX"


def canonical(array: AnyArray, axes: str | None = None, *, name: str = "") -> Image:
    """An image from an array; without `axes` they are guessed from the shape.

    `axes` names each axis of the array, upper or lower case; axes of length 1 may be left out.
    Raises BadInput where axes and shape disagree or stay ambiguous, and where a value is no finite number.
    """
    source = name or "the array"
    array = real(array, source)
    array, held = arrange(array, axes or guess_axes(array.shape, source), source)
    check_finite(array, held, source)
    return Image(array, held, name)


def arrange(array: AnyArray, axes: str, source: str = "the array") -> tuple[AnyArray, str]:
    """The array in the order TCZYX with C always there (a view where that is possible), and its axes."""
    letters = parse_axes(axes, source)
    array = _fitting(array, letters, source)
    held = "".join(axis for axis in HELD if axis in letters)
    array = array.transpose([letters.index(axis) for axis in held])
    if "C" in held:
        return array, held
    position = held.startswith("T")  # C stands behind T, or first
    return np.expand_dims(array, int(position)), held[:position] + "C" + held[position:]


def parse_axes(axes: str, source: str = "the array") -> str:
    """The letters of `axes` in capitals, S made C; BadInput where one is unknown, double or missing."""
    letters = axes.strip().upper().replace("S", "C")
    if len(letters) > len(HELD):
        raise _too_many(len(letters), f"axes {axes!r} of {source}")
    unknown = [letter for letter in letters if letter not in HELD]
    if unknown:
        raise BadInput(f"axis {unknown[0]!r} in {axes!r} of {source} is unknown", fix=_KNOWN)
    double = [letter for letter in HELD if letters.count(letter) > 1]
    if double:
        raise BadInput(f"axis {double[0]!r} occurs twice in {axes!r} of {source}", fix=_KNOWN)
    missing = [letter for letter in "YX" if letter not in letters]
    if missing:
        raise BadInput(f"axis {missing[0]!r} is missing in {axes!r} of {source}", fix=_KNOWN)
    return letters


def guess_axes(shape: tuple[int, ...], source: str = "the array") -> str:
    """Axes of an array that comes without any, from its shape alone; BadInput where that leaves a choice."""
    while len(shape) > 2 and shape[0] == 1:
        shape = shape[1:]
    if len(shape) < 2:
        raise BadInput(
            f"{source} has shape {times(shape)}, not that of an image", fix="give at least Y and X"
        )
    if len(shape) == 2:
        return "YX"
    if len(shape) == 3 and shape[2] in (1, *_COLOURS):
        return "YXC"
    choices = _choices(len(shape) - 2, "YX")
    if len(shape) == 4 and shape[3] in _COLOURS:
        choices += _choices(1, "YXC")
    raise _ambiguous(shape, choices, source)


def settle(axes: str, shape: tuple[int, ...], source: str) -> str:
    """Axes that a file gives, if they are telling; BadInput where it only counts pages (I, Q of tifffile)."""
    if "C" in axes and "S" in axes:
        raise BadInput(
            f"{source} has both channels and colours (axes {axes})",
            fix="split the colours before saving (Fiji: Image > Color > Split Channels)",
        )
    unknown = [axis for axis in axes if axis not in "TCZYXS"]
    if not unknown and len(axes) <= len(HELD):
        return axes
    tail = "YXC" if "S" in axes or "C" in axes else "YX"
    raise _ambiguous(shape, _choices(len(shape) - len(tail), tail), source)


def times(shape: tuple[int, ...]) -> str:
    """A shape as people write it: 3 x 520 x 696."""
    return " x ".join(map(str, shape)) or "()"


def _fitting(array: AnyArray, letters: str, source: str) -> AnyArray:
    """The array with as many axes as there are letters; only axes of length 1 may go."""
    if array.ndim == len(letters):
        return array
    if array.ndim > len(letters):
        spare = array.ndim - len(letters)
        if array.shape[:spare] == (1,) * spare:
            return array.reshape(array.shape[spare:])
        squeezed = np.squeeze(array)
        if squeezed.ndim == len(letters):
            return squeezed
    raise BadInput(
        f"axes {letters!r} name {len(letters)} axes, but {source} has shape {times(array.shape)}",
        fix=f"give {array.ndim} letters, one for each number of the shape"
        if array.ndim <= len(HELD)
        else _KNOWN,
    )


def _choices(count: int, tail: str) -> list[str]:
    """What the first `count` axes may be, likeliest first."""
    free = [axis for axis in "ZTC" if axis not in tail]
    picks = combinations(free, count)
    return ["".join(sorted(pick, key=_PAGES.index)) + tail for pick in picks]


def _ambiguous(shape: tuple[int, ...], choices: Iterable[str], source: str) -> BadInput:
    """The question that goes back to the person."""
    if len(shape) > len(HELD):
        return _too_many(len(shape), f"{source} (shape {times(shape)})")
    return BadInput(
        f"{source} has shape {times(shape)} and does not say what its axes are",
        fix="say it with axes: --axes " + " or --axes ".join(choices),
    )


def _too_many(count: int, source: str) -> BadInput:
    return BadInput(
        f"{source} has {count} axes",
        fix="save one position (series, angle, ...) as its own file: at most T, Z, C, Y and X can be read",
    )
