"""Label images (one number a pixel, 0 for background) and maps, as Fiji, QuPath and napari open them.

Both are TIFF in strips with ImageJ's description. ImageJ opens no tiles, and it ignores the predictor of a
Deflate-compressed file (it would show the differences), so the compression is plain Deflate. The description
is made here and not by tifffile's ImageJ mode, which takes no 32-bit integers though ImageJ reads them well:
as 32-bit float, exact up to 16 million objects. So one way of writing serves all.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import tifffile

from convivo.errors import BadInput
from convivo.io.atomic import writing
from convivo.io.axes import times
from convivo.io.decode import decode, grey_where_equal
from convivo.io.units import in_micrometres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import DTypeLike

    from convivo.types import AnyArray, Image, Labels, Map, PixelSize

_CLASSIC: Final = 2**32 - 2**25  # bytes of pixels; a larger file is BigTIFF, which Fiji opens by Bio-Formats
_ORDER: Final = "<"  # of bytes: least first
_EXPORT: Final = (
    "export the label image, not its coloured picture (napari: the Labels layer; Fiji: a 16-bit label map), "
    "or number the objects with skimage.measure.label"
)


@dataclass(frozen=True, slots=True)
class LabelImage:
    """Labels and their axes: YX or ZYX, with T in front where there are time points."""

    labels: Labels
    axes: str


def read_labels(path: str | Path, axes: str | None = None) -> Labels:
    """Read a label image, (Y, X) or (Z, Y, X), with T in front; as `read_label_image`, without the axes."""
    return read_label_image(path, axes).labels


def read_label_image(path: str | Path, axes: str | None = None) -> LabelImage:
    """Read a label image with its axes. Of `axes`, those of the image it belongs to, channels are left out.

    A mask with a single value is returned as it is. Whole numbers stored as float become integers.
    Raises BadInput where a pixel has more than one number or a number is not whole, and as `read` does.
    """
    path = Path(path)
    said = "".join(axis for axis in axes.upper() if axis not in "CS") if axes else None
    stored = decode(path, said, numbers=True)
    array = grey_where_equal(stored.array, stored.axes) if stored.colours else stored.array
    channel = stored.axes.index("C")
    if array.shape[channel] != 1:
        raise _not_one_number(path, array.shape[channel], stored.colours)
    return LabelImage(_whole_numbers(array.squeeze(channel), path), stored.axes.replace("C", ""))


def write_labels(
    path: str | Path,
    labels: Labels,
    *,
    pixel_size: PixelSize | None = None,
    page_axes: str = "",
    info: str = "",
) -> None:
    """Write a label image: uint16, or uint32 where a label exceeds 65535.

    labels      (Y, X) or (Z, Y, X), axes of pages in front
    pixel_size  (Z,) Y, X; comes back from `read` in µm
    page_axes   names of the axes in front: "T", "Z", "TZ"
    info        any text that travels with them: Fiji's Image > Show Info, and `io.info.read_info`

    Raises BadInput for labels that are no numbers of objects, CannotWrite where the disk refuses.
    """
    _write(Path(path), labels, _label_type(labels, path), pixel_size, page_axes, info)


def write_mask(path: str | Path, labels: Labels, *, axes: str) -> None:
    """Write labels to learn from, in which pixels below 0 are unknown: then signed, int16 or int32.

    axes  of the labels, as `LabelImage` has them. Errors as in `write_labels`.
    """
    if not labels.size or labels.min() >= 0:
        return _write_axes(Path(path), labels, _label_type(labels, path), None, axes)
    signed = np.dtype(np.int16 if np.abs(labels).max() <= np.iinfo(np.int16).max else np.int32)
    return _write_axes(Path(path), labels, signed, None, axes)


def write_map(
    path: str | Path, values: Map, *, pixel_size: PixelSize | None = None, page_axes: str = ""
) -> None:
    """Write one float32 number a pixel, such as a probability; axes and errors as in `write_labels`."""
    _write(Path(path), values, np.dtype(np.float32), pixel_size, page_axes)


def write_image(
    path: str | Path, pixels: AnyArray, *, pixel_size: PixelSize | None = None, page_axes: str = ""
) -> None:
    """Write a grey image, uint8, uint16 or float32; axes and errors as in `write_labels`."""
    _write(Path(path), pixels, pixels.dtype, pixel_size, page_axes)


def write_channels(path: str | Path, image: Image, *, names: Sequence[str] = (), info: str = "") -> None:
    """Write an image with all its axes as an ImageJ hyperstack, uint8, uint16 or float32; errors as in `write_labels`.

    One channel has no axis of its own. Fiji shows the `names` of the channels above the pages, and `read` knows a
    channel by its name. `info` is as in `write_labels`.
    """
    array, axes = image.array, image.axes
    if array.shape[axes.index("C")] == 1:
        array, axes = array.squeeze(axes.index("C")), axes.replace("C", "")
    else:  # ImageJ counts channels before planes: they are the faster axis
        order = [axis for axis in "TZCYX" if axis in axes]
        array, axes = array.transpose([axes.index(axis) for axis in order]), "".join(order)
    _write_axes(Path(path), array, array.dtype, image.pixel_size, axes, names, info)


def _not_one_number(path: Path, count: int, colours: bool) -> BadInput:
    if colours:
        return BadInput(f"{path} is a colour picture; labels must be one number a pixel", fix=_EXPORT)
    return BadInput(
        f"{path} has {count} channels; labels must be one number a pixel",
        fix="if they are planes or moments, say --axes ZYX or --axes TYX; otherwise save one channel",
    )


def _whole_numbers(array: AnyArray, path: Path) -> Labels:
    if array.dtype.kind != "f":
        return array
    whole = array.astype(np.int64)
    if not np.array_equal(whole, array):
        value = array[whole != array].flat[0]
        raise BadInput(f"{path} holds {value:g}, but labels must be whole numbers", fix=_EXPORT)
    return whole


def _label_type(labels: Labels, path: str | Path) -> np.dtype[np.unsignedinteger]:
    if labels.dtype.kind not in "bui":
        raise BadInput(
            f"labels for {path} are {labels.dtype}, not integers", fix="round them to integers first"
        )
    lowest, highest = (int(labels.min()), int(labels.max())) if labels.size else (0, 0)
    if lowest < 0:
        raise BadInput(
            f"labels for {path} go down to {lowest}", fix="set unknown pixels to 0 (background) first"
        )
    if highest > np.iinfo(np.uint32).max:
        raise BadInput(
            f"labels for {path} go up to {highest}; a TIFF holds at most {np.iinfo(np.uint32).max}",
            fix="number them anew with skimage.segmentation.relabel_sequential",
        )
    return np.dtype(np.uint16 if highest <= np.iinfo(np.uint16).max else np.uint32)


def _write(
    path: Path,
    array: AnyArray,
    dtype: np.dtype[np.generic],
    pixel_size: PixelSize | None,
    page_axes: str,
    info: str = "",
) -> None:
    axes = page_axes + "ZYX"[len(page_axes) - array.ndim :]
    _write_axes(path, array, dtype, pixel_size, axes, info=info)


def _write_axes(
    path: Path,
    array: AnyArray,
    dtype: np.dtype[np.generic],
    pixel_size: PixelSize | None,
    axes: str,
    names: Sequence[str] = (),
    info: str = "",
) -> None:
    if array.size == 0:
        raise BadInput(f"{path} would have no pixels ({times(array.shape)})", fix="leave that image out")
    size = in_micrometres(pixel_size)
    with writing(path) as part:
        tifffile.imwrite(
            part,
            _pages(array, dtype),
            shape=array.shape,
            dtype=dtype,
            bigtiff=array.size * dtype.itemsize > _CLASSIC,
            ome=False,  # whatever the file is called
            metadata=None,
            description=_description(array.shape, axes, size),
            photometric="minisblack",
            compression="zlib",
            resolution=_per_micrometre(size),
            resolutionunit="none",  # the description names the unit
            byteorder=_ORDER,
            extratags=_imagej_tags(names, array.shape, info),
        )


def _pages(array: AnyArray, dtype: DTypeLike) -> Iterator[AnyArray]:
    """Page by page, so that no second array of the whole size is made."""
    for page in array.reshape(-1, *array.shape[-2:]):
        yield np.ascontiguousarray(page, dtype)


def _description(shape: tuple[int, ...], axes: str, size: PixelSize | None) -> str:
    """ImageJ's description: how pages are counted, the unit, and the distance of planes."""
    calibration: dict[str, Any] = {}
    if size is not None:
        calibration["unit"] = "um"
        if "Z" in axes and len(size.lengths) == 3:
            calibration["spacing"] = size.lengths[0]
    return tifffile.imagej_description(shape, axes, **calibration)


def _imagej_tags(names: Sequence[str], shape: tuple[int, ...], info: str) -> Sequence[tuple[Any, ...]]:
    """ImageJ's tags that label every page, and hold a text.

    Channels are the fastest axis, so their names come round and round.
    """
    held: dict[str, Any] = {"Info": info} if info else {}
    if names:
        held["Labels"] = [*names] * (prod(shape[:-2]) // len(names))
    return cast("Sequence[tuple[Any, ...]]", tifffile.imagej_metadata_tag(held, _ORDER)) if held else ()


def _per_micrometre(size: PixelSize | None) -> tuple[float, float] | None:
    """Pixels per µm along X and Y, the order of TIFF's tags."""
    return None if size is None else (1 / size.lengths[-1], 1 / size.lengths[-2])
