"""Bring the brightness of an image to the range a net was trained on.

Dark and bright are two percentiles of the image, which become 0 and 1. An empty field has no bright end: its
percentiles span nothing but noise, and stretching that to 0..1 would make nuclei of it. So the range is never
smaller than a multiple of the image's own noise, learned from the training images (`floor`): a picture whose range
is only noise keeps small numbers. The noise is measured in the image itself, so neither bit depth nor exposure
matters.

Noise2Void's images share one camera and one noise, so for them mean and standard deviation of all training images are
kept and used for each (`mean`, `spread`). What a net restores is brought back by the same two numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np

from convivo.errors import BadInput
from convivo.types import AnyArray, Pixels

SAMPLE = 4_000_000  # pixels that decide the percentiles of a channel; more would change nothing
NOISE_SAMPLE = 100_000  # pixels that tell how strong the noise is: to one part in two hundred
FEWEST_ROWS = 16  # of a plane that are looked at, where it has so many
COUNTABLE = 2  # bytes: whole numbers so short are counted instead of sorted
EMPTY = 5.2  # range of pure Gaussian noise between percentiles 1 and 99.8, in units of its standard deviation


@dataclass(frozen=True, kw_only=True, slots=True)
class Normalisation:
    """Percentiles that become 0 and 1, and the smallest range in units of the noise."""

    low: float = 1.0
    high: float = 99.8
    floor: tuple[float, ...] = ()  # one a channel; empty before training data was seen
    mean: tuple[float, ...] = ()  # of each channel, where all images are scaled alike; becomes 0
    spread: tuple[float, ...] = ()  # and the difference that becomes 1

    def __post_init__(self) -> None:
        fit = np.isfinite(self.mean).all() and all(0 < each < float("inf") for each in self.spread)
        if len(self.mean) != len(self.spread) or not fit:
            raise BadInput(
                f"mean {self.mean} and spread {self.spread} do not scale an image",
                fix="give both for each channel, spreads above 0",
            )


@dataclass(frozen=True, slots=True)
class Scale:
    """Of each channel of one image: the value that becomes 0, and the difference that becomes 1."""

    dark: tuple[float, ...]
    width: tuple[float, ...]

    def apply(self, pixels: AnyArray) -> Pixels:
        """(C, ...) in the image's own units to float32 where most values lie near 0..1."""
        out = np.empty(pixels.shape, np.float32)
        for number, (channel, dark, width) in enumerate(zip(pixels, self.dark, self.width, strict=True)):
            np.subtract(channel, dark, out=out[number], casting="unsafe")
            out[number] /= np.float32(width)
        return out

    def of(self, channels: Sequence[int]) -> Scale:
        """The scale of these channels, in this order."""
        return Scale(
            tuple(self.dark[each] for each in channels), tuple(self.width[each] for each in channels)
        )

    def undo(self, pixels: Pixels) -> Pixels:
        """Back to the image's own units. A channel that the image did not have takes its last one's scale."""
        return np.stack(
            [
                channel * np.float32(self.width[min(number, len(self.width) - 1)])
                + np.float32(self.dark[min(number, len(self.dark) - 1)])
                for number, channel in enumerate(pixels)
            ]
        )

    def undo_difference(self, pixels: Pixels) -> Pixels:
        """The same for differences, such as standard deviations, which have no dark value."""
        return replace(self, dark=(0.0,) * len(self.dark)).undo(pixels)


def normalise(pixels: AnyArray, how: Normalisation) -> Pixels:
    """(C, ...) in the image's own units to float32 where most values lie in 0..1, each channel by itself."""
    return scale_of(pixels, how).apply(pixels)


def scale_of(pixels: AnyArray, how: Normalisation) -> Scale:
    """What `normalise` does to (C, ...) pixels, so that it can be undone."""
    if how.mean:
        return Scale(how.mean, how.spread)
    floors = how.floor or (0.0,) * len(pixels)
    ranges = [_range(channel, how, floor) for channel, floor in zip(pixels, floors, strict=True)]
    return Scale(tuple(dark for dark, _ in ranges), tuple(width for _, width in ranges))


def learned_floor(images: Sequence[AnyArray], how: Normalisation) -> tuple[float, ...]:
    """The smallest range that counts as a picture, in units of noise, from training images that show objects.

    Half way, by ratio, between a field of nothing but noise and the flattest training images.
    """
    if not images:
        return ()
    ranges = np.array([[_contrast(channel, how) for channel in pixels] for pixels in images])
    known = np.where(np.isfinite(ranges), ranges, np.nan)
    typical = [np.nanpercentile(column, 5) if np.isfinite(column).any() else 0.0 for column in known.T]
    return tuple(float(np.sqrt(EMPTY * value)) for value in typical)


def noise_level(channel: AnyArray) -> float:
    """Standard deviation of pixel-wise noise, robust against structure; in the image's units.

    Median absolute second difference along x and y (Immerkær 1996 uses the same mask, with the mean). Where most
    pixels are clipped to one value the median knows nothing, and the mean is taken as there.
    """
    rows, columns = (slice(max(0, (side - 2048) // 2), (side + 2048) // 2) for side in channel.shape[-2:])
    middle = channel[..., rows, columns]
    if min(middle.shape[-2:]) < 3:
        return 0.0
    before, here, behind = (np.asarray(each, np.float32) for each in _neighbouring_rows(middle))
    across = before - 2 * here + behind
    mask = across[..., :-2] - 2 * across[..., 1:-1] + across[..., 2:]
    size = np.abs(mask)
    deviation = np.median(size) / 0.6745 or size.mean() * np.sqrt(np.pi / 2)
    return float(deviation / 6.0)  # the mask's weights have length 6


def _neighbouring_rows(pixels: AnyArray) -> tuple[AnyArray, ...]:
    """Evenly spaced rows of evenly spaced planes, with the rows before and behind them: enough to know the noise."""
    step = max(1, pixels.size // NOISE_SAMPLE)
    rows = pixels.shape[-2] - 2  # those that have one on either side
    thin = min(step, max(1, rows // FEWEST_ROWS))
    planes = pixels[:: -(-step // thin)] if pixels.ndim > 2 else pixels
    return tuple(planes[..., first + thin // 2 : first + rows : thin, :] for first in range(3))


def _range(channel: AnyArray, how: Normalisation, floor: float) -> tuple[float, float]:
    """Value that becomes 0, and the difference that becomes 1."""
    if channel.size == 0:
        return 0.0, 1.0
    dark, bright = _percentiles(_sample(channel), (how.low, how.high))
    width = max(float(bright - dark), floor * noise_level(channel) if floor else 0.0)
    return float(dark), width or 1.0


def _contrast(channel: AnyArray, how: Normalisation) -> float:
    """Range in units of the noise; infinite where there is none."""
    dark, bright = _percentiles(_sample(channel), (how.low, how.high))
    noise = noise_level(channel)
    return float((bright - dark) / noise) if noise > 0 else np.inf


def _percentiles(values: AnyArray, shares: Sequence[float]) -> tuple[float, ...]:
    """Percentiles, linear between two values, as numpy has them."""
    if values.dtype.kind not in "iu" or values.dtype.itemsize > COUNTABLE:
        return tuple(float(each) for each in np.percentile(values, shares))
    least = int(values.min())
    up_to = np.cumsum(np.bincount(values.ravel().astype(np.intp) - least))
    ranks = np.array(shares) / 100 * (values.size - 1)
    lower, upper = (np.searchsorted(up_to, end(ranks), side="right") for end in (np.floor, np.ceil))
    return tuple((least + lower + (upper - lower) * (ranks % 1)).tolist())


def _sample(channel: AnyArray) -> AnyArray:
    """Evenly spaced rows and columns, enough to know the percentiles of a very large image."""
    step = max(1, ceil(sqrt(channel.size / SAMPLE)))
    rows, columns = (min(step, max(1, length // 16)) for length in channel.shape[-2:])
    return channel[..., ::rows, ::columns]
