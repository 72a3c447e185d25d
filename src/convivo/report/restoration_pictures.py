"""Pictures of restored images: signed errors, what a model is not sure of, and the row that is drawn as a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.report.pictures import Colour, Picture
    from convivo.types import AnyArray

ERROR_MAP = "PuOr"  # from orange over white to purple, which colour-blind readers tell apart
UNCERTAINTY_MAP = "viridis"
BEYOND = 99.0  # percentile of all errors of a case at which the colours end
LARGEST = 640  # pixels: pictures are enlarged by the largest whole factor that stays within
TICK, TICK_LINE = (255, 226, 80), (0, 0, 0)  # yellow on black: seen on grey and on every colour here


def error_limit(errors: Sequence[AnyArray]) -> float:
    """The error at which the colours end, for all errors of a case."""
    return float(np.percentile(np.abs(np.concatenate([each.ravel() for each in errors])), BEYOND))


def error_colours(error: AnyArray, limit: float) -> Picture:
    """Colour a (Y, X) error from -limit (orange) over 0 (white) to +limit (purple)."""
    return _coloured(ERROR_MAP, 0.5 + error / max(2 * limit, 1e-12))


def uncertainty_colours(uncertainty: AnyArray, limit: float) -> Picture:
    """Colour a (Y, X) map from 0 (dark blue) to the limit (yellow)."""
    return _coloured(UNCERTAINTY_MAP, uncertainty / max(limit, 1e-12))


def gradient(name: str) -> str:
    """The colours of a map from end to end, as stops of a CSS gradient."""
    return ", ".join(to_hex(colormaps[name](step / 8)) for step in range(9))


def enlarged(picture: Picture, row: int) -> Picture:
    """Enlarge by a whole factor, each pixel a square, and mark the row by a tick at both edges."""
    factor = max(1, LARGEST // max(picture.shape[:2]))
    large = np.repeat(np.repeat(picture, factor, axis=0), factor, axis=1)
    length = large.shape[1] // 30
    middle, half = row * factor + factor // 2, large.shape[1] // 400
    _paint(large, middle, half + 2, length + 2, TICK_LINE)
    _paint(large, middle, half, length, TICK)
    return large


def _paint(picture: Picture, middle: int, half: int, length: int, colour: Colour) -> None:
    rows = slice(max(0, middle - half), middle + half + 1)
    picture[rows, :length] = colour
    picture[rows, picture.shape[1] - length :] = colour


def _coloured(name: str, share: AnyArray) -> Picture:
    return np.ascontiguousarray(colormaps[name](share.clip(0, 1).astype(np.float64), bytes=True)[..., :3])
