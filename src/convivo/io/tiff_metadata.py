"""Channel names and pixel sizes of a TIFF: from OME-XML, ImageJ's description, or the plain tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import tifffile

from convivo.io.units import Lengths, micrometres

_CENTIMETRE: Final = 1e4  # in µm
_INCH: Final = 25400.0
# What programs write who know nothing of a microscope: no unit at all, or what a screen or a printer does
_PRINT_RESOLUTIONS: Final = (
    1,
    72,
    90,
    96,
    100,
    120,
    144,
    150,
    200,
    240,
    300,
    350,
    400,
    600,
    1200,
    2400,
)  # dpi


def lengths(tiff: tifffile.TiffFile) -> Lengths:
    """How long a pixel is; OME-XML counts more than ImageJ's words, and these more than the plain tags."""
    pixels = _ome_pixels(tiff)
    if pixels:
        return Lengths(*(_physical_size(pixels, axis) for axis in "ZYX"))
    page = tiff.pages.first
    x, y = (_tag(page, name) for name in ("XResolution", "YResolution"))
    said = tiff.imagej_metadata or {}
    unit = micrometres(str(said.get("unit", "")))
    if unit is not None:
        return _imagej_lengths(said, unit, y, x)
    return Lengths(y=_from_tags(page, y), x=_from_tags(page, x))


def channel_names(tiff: tifffile.TiffFile) -> tuple[str, ...]:
    """Names of the channels in their order, as OME or ImageJ keep them; empty where there are none."""
    pixels = _ome_pixels(tiff)
    if pixels:
        return tuple(str(channel.get("Name", "")) for channel in _several(pixels.get("Channel")))
    said = tiff.imagej_metadata or {}
    labels = _several(said.get("Labels"))
    count = int(said.get("channels", 1))
    # ImageJ labels every page; channels change fastest, so the first ones name them
    return tuple(str(label) for label in labels[:count]) if len(labels) >= count > 1 else ()


def _ome_pixels(tiff: tifffile.TiffFile) -> Mapping[str, Any]:
    """Attributes and children of the first <Pixels>, or nothing."""
    if not tiff.is_ome or not tiff.ome_metadata:
        return {}
    images = _several(tifffile.xml2dict(tiff.ome_metadata).get("OME", {}).get("Image"))
    pixels = images[0].get("Pixels") if images else None
    return pixels if isinstance(pixels, Mapping) else {}


def _physical_size(pixels: Mapping[str, Any], axis: str) -> float | None:
    """One length in µm, which is also OME's unit where none is given."""
    length = _number(pixels.get(f"PhysicalSize{axis}"))
    unit = micrometres(str(pixels.get(f"PhysicalSize{axis}Unit", "µm")))
    return None if length is None or unit is None else length * unit


def _imagej_lengths(said: Mapping[str, Any], unit: float, y: float | None, x: float | None) -> Lengths:
    """ImageJ leaves `spacing` out where planes lie one unit apart; y and z may have units of their own."""
    spacing = abs(_number(said.get("spacing", 1.0)) or 0.0)
    unit_y = micrometres(str(said.get("yunit", ""))) or unit
    unit_z = micrometres(str(said.get("zunit", ""))) or unit
    return Lengths(z=spacing * unit_z, y=unit_y / y if y else None, x=unit / x if x else None)


def _from_tags(page: tifffile.TiffPage, resolution: float | None) -> float | None:
    """µm from pixels per centimetre or inch, unless it is only what a screen or a printer does."""
    unit = {tifffile.RESUNIT.CENTIMETER: _CENTIMETRE, tifffile.RESUNIT.INCH: _INCH}.get(_unit(page))
    if not resolution or unit is None:
        return None
    dpi = resolution * _INCH / unit
    if resolution == 1 or any(abs(dpi - usual) < 0.02 * usual for usual in _PRINT_RESOLUTIONS):
        return None
    return unit / resolution


def _unit(page: tifffile.TiffPage) -> Any:
    """Inch is what TIFF means where it says nothing."""
    tag = page.tags.get("ResolutionUnit")
    return tifffile.RESUNIT.INCH if tag is None else tag.value


def _tag(page: tifffile.TiffPage, name: str) -> float | None:
    """A rational tag as a number, or None where it is missing or has no value."""
    tag = page.tags.get(name)
    try:
        above, below = (0, 0) if tag is None else tag.value
        return float(above) / float(below)
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _several(value: Any) -> list[Any]:
    """XML and ImageJ hand out one thing where there is one, a list where there are more."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
