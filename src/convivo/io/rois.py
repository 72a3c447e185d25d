"""ImageJ's regions of interest: one outline for each object, in a zip file that Fiji's ROI Manager opens.

ImageJ counts coordinates from the corners of pixels (the pixel in column 3 reaches from x = 3 to x = 4), and
its wand draws along the edges of pixels. So do these outlines: a ROI holds the pixels of its object, no more
and no less. Only, holes are filled, and of an object in parts the largest is outlined, because a ROI of type
`traced` is one line. An object of a volume gets one ROI in each plane.
"""

from __future__ import annotations

import zipfile
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import roifile

from convivo.io.atomic import writing
from convivo.io.outlines import Ring, outlines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from convivo.types import Labels, PageIndex

_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)  # the same labels give the same bytes
_LARGEST_INTEGER: Final = 2**15 - 1  # what every reader of ImageJ's 16-bit coordinates understands


def write_rois(path: str | Path, labels: Labels, *, page_axes: str = "") -> None:
    """Write the outlines of a label image, (Y, X) or (Z, Y, X) with axes of pages in front, to a ROI zip.

    A ROI is called by its label, 0001; in a stack by plane, counted from 1, and label: 0003-0001.
    `page_axes` names the axes of pages as in `write_labels`. Raises CannotWrite where the disk refuses.
    """
    axes = page_axes + "ZYX"[len(page_axes) - labels.ndim :]
    with writing(path) as part, zipfile.ZipFile(part, "w") as archive:
        for roi in _rois(labels, axes):
            archive.writestr(_entry(roi.name), roi.tobytes())


def _rois(labels: Labels, axes: str) -> Iterator[roifile.ImagejRoi]:
    planes = labels.shape[:-2]
    for number, index in enumerate(product(*map(range, planes)), start=1):
        for label, ring in outlines(labels[index]).items():
            roi = _roi(ring, f"{number:04d}-{label:04d}" if planes else f"{label:04d}")
            _place(roi, axes, index)
            yield roi


def _roi(ring: Ring, name: str) -> roifile.ImagejRoi:
    """Integers, as the wand leaves them; far out floats, for ImageJ's integers have 16 bits."""
    far = ring.max() > _LARGEST_INTEGER
    roi = roifile.ImagejRoi.frompoints(ring.astype(np.float32) if far else ring, name=name)
    roi.roitype = roifile.ROI_TYPE.POLYGON if far else roifile.ROI_TYPE.TRACED
    return roi


def _place(roi: roifile.ImagejRoi, axes: str, index: PageIndex) -> None:
    """In which plane the ROI shows: ImageJ counts planes in a stack, but T and Z in a hyperstack."""
    if len(index) == 1:
        roi.position = index[0] + 1
    elif len(index) == 2:
        roi.c_position = 1
        roi.z_position = index[axes.index("Z")] + 1
        roi.t_position = index[axes.index("T")] + 1


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"{name}.roi", _NO_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
