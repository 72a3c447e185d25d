"""TIFF as microscopes and Fiji write it, read by tifffile: pixels, axes, channel names, pixel size.

tifffile is patient: of a damaged file it may return the pages it could reach, and say so in its log alone.
Half a stack is worse than none, so what it logs as an error is an error here. Its log is kept from the
terminal.
"""

from __future__ import annotations

import logging
import math
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import tifffile

from convivo.errors import BadInput, OutOfMemory
from convivo.io.axes import settle, times
from convivo.io.kinds import RESAVE
from convivo.io.stored import Stored
from convivo.io.tiff_metadata import channel_names, lengths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# a tag that cannot be read, as microscopes' own ones often cannot, and lists that tifffile trims to their length
_HARMLESS: Final = ("TiffTag", "incorrect StripByteCounts", "incorrect StripOffsets")
_COLOURS: Final = (tifffile.PHOTOMETRIC.RGB, tifffile.PHOTOMETRIC.YCBCR)
_ALPHA: Final = (tifffile.EXTRASAMPLE.ASSOCALPHA, tifffile.EXTRASAMPLE.UNASSALPHA)
# formats whose further series are other images; elsewhere (slide scanners, LSM) they are only thumbnails
_SEVERAL_IMAGES: Final = ("ome", "imagej", "generic", "uniform", "shaped")


def read_tiff(path: Path, axes: str | None = None) -> Stored:
    """The one image of a TIFF. With `axes`, what the file says of its own is not asked."""
    with _errors_collected() as errors:
        try:
            stored = _read(path, axes)
        except BadInput:
            if not errors:
                raise
    if errors:  # they come first: of a stack that is cut short, nobody should be asked for its axes
        raise _damaged(path, errors[0])
    return stored


def _read(path: Path, axes: str | None) -> Stored:
    try:
        with tifffile.TiffFile(path) as tiff:
            series = _only_series(tiff, path)
            said = series.axes if axes else settle(series.axes, series.shape, str(path))
            array = series.asarray()
            return Stored(
                array=array.astype(array.dtype.newbyteorder("="), copy=False),
                axes=said,
                channels=channel_names(tiff),
                lengths=lengths(tiff),
                colours=_is_colour(series),
            )
    except BadInput:
        raise
    except MemoryError as error:
        raise OutOfMemory(
            f"{path} does not fit into memory", fix="crop it, or close other programs"
        ) from error
    except Exception as error:  # a damaged file can fail anywhere in a decoder, with any kind of exception
        raise _damaged(path, str(error) or type(error).__name__) from error


def _only_series(tiff: tifffile.TiffFile, path: Path) -> tifffile.TiffPageSeries:
    """The image, or BadInput where there are several: taking the first would lose the others unnoticed."""
    # counting the pages finds a chain that bites its own tail, which `series` would follow for ever
    series = tiff.series if len(tiff.pages) else []
    if not series:
        raise _damaged(path, "it holds no image")
    parts = math.prod(series[0].keyframe.chunked)
    if not all(_is_whole(page, parts) for page in series[0].pages):
        raise _damaged(path, "pages or parts of them are missing")
    images = [each for each in series if not each.keyframe.is_reduced] or series
    if len(images) > 1 and images[0].kind in _SEVERAL_IMAGES:
        shapes = ", ".join(times(each.shape) for each in images[:3]) + (", ..." if len(images) > 3 else "")
        raise BadInput(
            f"{path} holds {len(images)} images ({shapes})",
            fix="save each as its own file (Fiji: File > Save As)",
        )
    return images[0]


def _is_whole(page: tifffile.TiffPage | tifffile.TiffFrame | None, parts: int) -> bool:
    """Whether all strips or tiles of a page are in the file: tifffile puts 0 where they are not."""
    if page is None or len(page.dataoffsets) < parts:
        return False
    size = page.parent.filehandle.size
    ends = zip(page.dataoffsets, page.databytecounts, strict=True)
    return all(offset + count <= size for offset, count in ends)


def _is_colour(series: tifffile.TiffPageSeries) -> bool:
    """Whether the samples of a pixel are one colour, with or without alpha, and not channels."""
    page = series.keyframe
    return "S" in series.axes and (
        page.photometric in _COLOURS or any(each in _ALPHA for each in page.extrasamples)
    )


def _damaged(path: Path, reason: str) -> BadInput:
    return BadInput(f"{path} is damaged or cut short: {' '.join(reason.split())[:120]}", fix=RESAVE)


@contextmanager
def _errors_collected() -> Iterator[list[str]]:
    """What tifffile logs as an error in this thread; nothing of its log goes on to the terminal."""
    errors: list[str] = []
    own = threading.get_ident()

    def collect(record: logging.LogRecord) -> bool:
        if record.thread != own:
            return True
        message = record.getMessage()
        if record.levelno >= logging.ERROR and not any(word in message for word in _HARMLESS):
            errors.append(message)
        return False

    logger = logging.getLogger("tifffile")
    logger.addFilter(collect)
    try:
        yield errors
    finally:
        logger.removeFilter(collect)
