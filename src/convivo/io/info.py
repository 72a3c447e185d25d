"""The text that travels inside a TIFF: ImageJ's property Info, which Fiji shows by Image > Show Info.

ImageJ keeps it in a tag of its own (50839), beside the labels of the pages, so that it survives what people do with
the file in Fiji, where a file beside it would be left behind.
"""

from __future__ import annotations

from pathlib import Path

import tifffile

from convivo.errors import BadInput


def read_info(path: str | Path) -> str:
    """The text inside a TIFF; empty where there is none. Raises BadInput for a file that is no TIFF."""
    try:
        with tifffile.TiffFile(path) as tiff:
            return str((tiff.imagej_metadata or {}).get("Info", ""))
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror or error}", fix="give the path of a TIFF file"
        ) from error
    except (ValueError, KeyError) as error:  # tifffile's own error is a ValueError
        raise BadInput(f"{path} is no TIFF, or damaged: {error}", fix="give a TIFF file") from error
