"""What every array must be before convivo takes it: real numbers, and all of them finite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from convivo.errors import BadInput

if TYPE_CHECKING:
    from convivo.types import AnyArray

_REAL: Final = "buif"  # bool, unsigned, integer, float


def real(array: AnyArray, source: str) -> AnyArray:
    """The array, true and false as 1 and 0; refuses complex numbers, text and records: they are no intensity."""
    if array.dtype.kind == "c":
        raise BadInput(f"{source} holds complex numbers", fix="save their magnitude: numpy.abs(image)")
    if array.dtype.kind not in _REAL:
        raise BadInput(f"{source} holds values of type {array.dtype}", fix="save one number a pixel")
    return array.astype(np.uint8) if array.dtype.kind == "b" else array


def check_finite(array: AnyArray, axes: str, source: str) -> None:
    """Refuse NaN and infinity, with how many there are and where the first one lies."""
    if array.dtype.kind != "f" or array.size == 0 or _all_finite(array):
        return
    bad = ~np.isfinite(array)
    place = np.unravel_index(int(np.argmax(bad)), array.shape)
    where = ", ".join(f"{axis} = {int(number)}" for axis, number in zip(axes, place, strict=True))
    raise BadInput(
        f"{source} holds {np.count_nonzero(bad)} NaN or infinite values of {array.size}, first at {where}",
        fix="replace them before you save the image, for example with numpy.nan_to_num(image)",
    )


def _all_finite(array: AnyArray) -> bool:
    """NaN and infinity always show in the smallest or the largest value, and those need no memory."""
    return bool(np.isfinite(array.min()) and np.isfinite(array.max()))


def stored_as(values: AnyArray, dtype: np.dtype[Any]) -> AnyArray:
    """Real numbers as an image of that type holds them: rounded and clipped to its range, never wrapped round.

    An image of floats becomes float32, neither rounded nor clipped. So does one of 64-bit integers: Fiji opens none.
    """
    if dtype.kind not in "iu" or dtype.itemsize > 4:
        return np.asarray(values, np.float32)
    limits = np.iinfo(dtype)
    stored = np.empty(values.shape, dtype)
    rows = (each.reshape(-1, values.shape[-1]) for each in (values, stored))
    for row, kept in zip(*rows, strict=True):  # one by one: all of them in float64 would fill the memory
        kept[...] = np.clip(np.rint(row.astype(np.float64)), limits.min, limits.max)
    return stored
