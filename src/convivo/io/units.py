"""Units of length as microscopes, Fiji and OME spell them, all brought to micrometres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from convivo.types import PixelSize

MICROMETRE: Final = "µm"
_MICROMETRES: Final = {
    "å": 1e-4,
    "angstrom": 1e-4,
    "nm": 1e-3,
    "nanometer": 1e-3,
    "nanometre": 1e-3,
    "µm": 1.0,
    "um": 1.0,
    "micron": 1.0,
    "micrometer": 1.0,
    "micrometre": 1.0,
    "mm": 1e3,
    "millimeter": 1e3,
    "millimetre": 1e3,
    "cm": 1e4,
    "centimeter": 1e4,
    "centimetre": 1e4,
    "m": 1e6,
    "meter": 1e6,
    "metre": 1e6,
}
# escaped as ImageJ does it (either sign), UTF-8 that was read as Latin-1, and the Greek letter itself
_SPELLINGS_OF_MICRO: Final = ("\\u00b5", "\\u03bc", "\u00c2\u00b5", "\u03bc")


def micrometres(unit: str) -> float | None:
    """How many micrometres one `unit` is, or None where the unit is unknown ("pixel", "inch", "")."""
    spelled = unit.strip().strip("\0").lower()
    for spelling in _SPELLINGS_OF_MICRO:
        spelled = spelled.replace(spelling.lower(), "µ")
    return _MICROMETRES.get(spelled, _MICROMETRES.get(spelled.removesuffix("s")))


def in_micrometres(size: PixelSize | None) -> PixelSize | None:
    """The same size in µm, or None where its unit is unknown or a length is not a positive number."""
    factor = None if size is None else micrometres(size.unit)
    if size is None or factor is None or not all(_is_length(length) for length in size.lengths):
        return None
    return PixelSize(tuple(length * factor for length in size.lengths), MICROMETRE)


@dataclass(frozen=True, slots=True)
class Lengths:
    """What a file says of its pixels, in µm along each axis of space; None where it does not say."""

    z: float | None = None
    y: float | None = None
    x: float | None = None

    def along(self, axes: str) -> PixelSize | None:
        """The pixel size of an image with these axes, or None where one of its axes of space is unknown."""
        named = {"Z": self.z, "Y": self.y, "X": self.x}
        lengths = [named[axis] for axis in axes if axis in named]
        known = tuple(_tidy(length) for length in lengths if length is not None and _is_length(length))
        return PixelSize(known, MICROMETRE) if len(known) == len(lengths) else None


def _is_length(length: float) -> bool:
    return math.isfinite(length) and length > 0


def _tidy(length: float) -> float:
    """0.65 again, where TIFF's fractions gave back 0.6499999999999999; they hold nine digits."""
    return float(f"{length:.9g}")
