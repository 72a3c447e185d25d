"""Change the pixel grid of an image and of labels, with pixel centres where they belong.

Pixel i of n covers the interval from i/n to (i+1)/n of the image, on both grids. Values are interpolated, and averaged
first where the grid gets coarser; labels are only ever picked.
"""

from __future__ import annotations

import numpy as np

from convivo.errors import BadInput
from convivo.types import AnyArray, Labels, Pixels


def scaled_shape(shape: tuple[int, ...], scale: float) -> tuple[int, ...]:
    """The grid that shows the same field `scale` times as large, in Y and X; Z stays, at least one pixel a side."""
    if not 0.02 <= scale <= 50:
        raise BadInput(f"scale {scale:g} is not between 0.02 and 50", fix="use 1 to leave the size as it is")
    plane = tuple(max(1, round(length * scale)) for length in shape[-2:])
    return (*shape[:-2], *plane)


def resize(pixels: Pixels, shape: tuple[int, ...]) -> Pixels:
    """(C, ...) pixels on a grid of the given spatial shape, linearly interpolated."""
    if pixels.shape[1:] == shape:
        return pixels
    from skimage.transform import resize as interpolate  # half a second to import, rarely needed

    shrinks = any(new < old for new, old in zip(shape, pixels.shape[1:], strict=True))
    channels = [
        interpolate(channel, shape, order=1, mode="edge", anti_aliasing=shrinks, preserve_range=True)
        for channel in pixels
    ]
    return np.stack(channels).astype(np.float32, copy=False)


def resize_labels(labels: Labels, shape: tuple[int, ...]) -> Labels:
    """Labels on another grid: each pixel takes the label that lies under its centre."""
    out: AnyArray = labels
    for axis, (old, new) in enumerate(zip(labels.shape, shape, strict=True)):
        if old != new:
            under = np.minimum(((np.arange(new) + 0.5) * old / new).astype(np.intp), old - 1)
            out = np.take(out, under, axis=axis)
    return out
