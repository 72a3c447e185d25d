"""Where there is most to see: the piece of a large image that is shown, and the row that is drawn as a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter

from convivo.report.pictures import limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convivo.types import AnyArray

WHOLE = 320  # pixels: an image with no longer side is shown whole
PIECE = 256  # pixels: the side of what is shown of a larger one
DETAIL = 4.0  # pixels: the sigma of the neighbourhood whose contrast chooses the row


def most_contrasted_piece(page: AnyArray) -> tuple[slice, slice]:
    """Rows and columns of the (Y, X) page to show: all, or the 256 x 256 window whose values vary most."""
    if max(page.shape) <= WHOLE:
        return slice(0, page.shape[0]), slice(0, page.shape[1])
    height, width = (min(length, PIECE) for length in page.shape)
    values = _without_outliers(page)
    values -= values.mean()
    mean, square = (_window_sums(each, height, width) / (height * width) for each in (values, values**2))
    row, column = np.unravel_index(np.argmax(square - mean**2), mean.shape)
    return slice(int(row), int(row) + height), slice(int(column), int(column) + width)


def most_contrasted_row(page: AnyArray) -> int:
    """The row of the (Y, X) page through the place around which values vary most."""
    values = _without_outliers(page)
    values -= values.mean()
    variance = gaussian_filter(values**2, DETAIL) - gaussian_filter(values, DETAIL) ** 2
    return int(np.unravel_index(np.argmax(variance), variance.shape)[0])


def _without_outliers(page: AnyArray) -> NDArray[np.float64]:
    """One hot pixel must not choose what is shown."""
    bottom, top = limits(page)
    return np.clip(np.nan_to_num(np.asarray(page, np.float64), nan=bottom), bottom, top)


def _window_sums(values: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """The sum over each window that lies inside, by the place of its first pixel."""
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    return np.asarray(
        sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
    )
