"""Is there noise in an image, and is it such that a net can learn to see through it?

Noise2Void guesses a pixel from its neighbours. That needs noise, each pixel's own, and not clipped: the mean of clipped
noise is not the signal. Salt and pepper, dead and hot pixels, tell nothing of the signal at all; a median filter takes
them away.

A picture has less and less power towards its finest details, and a lens lets none of them through. Noise that differs
from pixel to pixel has as much everywhere. So the power just below the finest details, over that of the finest ones,
is about 1 where such noise is all there is, and far above where there is none: 0.95 to 1.1 for simulated and real
photon noise, 8 for clean photographs (2.9 to 22), thousands for blurred images.

Noise that runs along lines is smooth along them, and as much in every detail across. A net that hides the line asks for
no more, so then power is counted across the lines alone. That way it falls half as steeply, in logarithms: 3.6 for
clean photographs, 1.8 and 3.2 counted both ways in BBBC039. So it is squared, and one limit holds for both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from convivo.types import AnyArray

SIDE = 512  # pixels along Y and X, in the middle, that are looked at
PLANES = 3  # of a stack
LOOKED_AT = 1024  # pixels along Y and X that tell of neighbours
JUMP = 0.4  # of the image's range: a pixel so far off its neighbours is salt or pepper
BELOW, FINEST = (0.28, 0.36), (0.48, 0.60)  # rings of frequencies, in cycles a pixel
FINEST_ACROSS = (0.44, 0.51)  # the same across lines, where no frequency lies above 0.5


@dataclass(frozen=True, slots=True)
class Noise:
    """What was measured in one channel."""

    fall: float  # power just below the finest details over theirs: 1 for each pixel's own noise; infinite: no detail
    at_lowest: float  # share of pixels that have the lowest value of all
    at_highest: float
    salt_and_pepper: float  # share of pixels that jump out of their neighbourhood


def measure_noise(channel: AnyArray, hidden: str = "") -> Noise:
    """Measure one (Y, X) or (Z, Y, X) channel, in its middle; `hidden` are the axes along which a net hides lines."""
    planes = _part(channel)
    span = float(planes.max() - planes.min())
    off = np.abs(planes - ndimage.median_filter(planes, size=(1, 3, 3)))
    return Noise(
        fall=float(np.median([_fall(plane, hidden) for plane in planes])),
        at_lowest=float((planes == planes.min()).mean()),
        at_highest=float((planes == planes.max()).mean()),
        salt_and_pepper=float((off > JUMP * span).mean()) if span > 0 else 0.0,
    )


def neighbour_correlation(channel: AnyArray) -> tuple[float, float]:
    """Correlation of the noise of neighbours along Y and along X; 0 for pixels that know nothing of each other.

    Noise is taken as the difference across the other axis in the darker half of the image, where structure hardly is.
    """
    return _along(channel, -2), _along(channel, -1)


def _along(channel: AnyArray, axis: int) -> float:
    """Correlation of neighbours along one axis after structure was removed along the other."""
    rows = np.moveaxis(np.asarray(channel[..., :LOOKED_AT, :LOOKED_AT], np.float32), axis, -1)
    if min(rows.shape[-2:]) < 8:
        return 0.0
    dark = rows <= np.median(rows)
    noise = rows[..., 2:, :] - 2 * rows[..., 1:-1, :] + rows[..., :-2, :]
    quiet = dark[..., 2:, :] & dark[..., 1:-1, :] & dark[..., :-2, :]
    both = quiet[..., 1:] & quiet[..., :-1]
    # squares of large values are no numbers in float32
    first, second = (np.asarray(each[both], np.float64) for each in (noise[..., :-1], noise[..., 1:]))
    spread = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / spread) if spread > 0 else 0.0


def _fall(plane: AnyArray, hidden: str) -> float:
    """Across the lines where such are hidden; of two kinds of lines that in which there is more noise."""
    across = [1 - axis for axis, name in enumerate("YX") if name in hidden]
    return min(_fall_across(plane, axis) for axis in across) if across else _fall_everywhere(plane)


def _fall_across(plane: AnyArray, axis: int) -> float:
    """Along one axis, the mean over the other; squared, so that it compares with the fall in all directions."""
    lines = np.moveaxis(plane - plane.mean(), axis, 0)
    power = np.abs(np.fft.rfft(lines * np.hanning(len(lines))[:, None], axis=0)) ** 2
    return _ratio(power.mean(axis=1), np.fft.rfftfreq(len(lines)), FINEST_ACROSS) ** 2


def _fall_everywhere(plane: AnyArray) -> float:
    centred = plane - plane.mean()
    window = np.outer(*(np.hanning(length) for length in plane.shape))  # without it edges look like details
    power = np.abs(np.fft.rfft2(centred * window)) ** 2
    rows, columns = np.fft.fftfreq(plane.shape[0]), np.fft.rfftfreq(plane.shape[1])
    return _ratio(power, np.hypot(rows[:, None], columns), FINEST)


def _ratio(power: AnyArray, frequency: AnyArray, most: tuple[float, float]) -> float:
    below, finest = (
        float(np.median(power[(frequency > low) & (frequency < high)])) for low, high in (BELOW, most)
    )
    return below / finest if finest > 0 else float("inf")


def _part(channel: AnyArray) -> AnyArray:
    """(planes, Y, X) of a channel: the middle of some planes."""
    planes = channel if channel.ndim == 3 else channel[None]
    planes = planes[:: -(-len(planes) // PLANES)]
    starts = [max(0, (length - SIDE) // 2) for length in planes.shape[1:]]
    rows, columns = (slice(start, start + SIDE) for start in starts)
    return np.asarray(planes[:, rows, columns], np.float64)
