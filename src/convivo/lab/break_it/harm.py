"""What can happen to an image before a net sees it, each with a strength that a hand can set.

In the order in which it happens: another objective, dust on the sample, focus, background, a stain that is dark on
bright, few photons, the camera's noise, few grey levels. Nothing is drawn anew while a slider moves.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec
import numpy as np
from scipy import ndimage

from convivo.lab.break_it.photons import caught, chances
from convivo.ops.alterations.grey_range import grey_range
from convivo.ops.measure import areas, compact, edge_labels
from convivo.ops.resize import resize, resize_labels, scaled_shape
from convivo.ops.specks import MOST_OVERLOOKED
from convivo.types import AnyArray, Labels, Map, Region

ALL_BITS = 16  # as the camera wrote it
SPECK = (
    0.24,
    0.7,
    0.055,
)  # of the picture's height, width and shorter side: where the dust lies, and its radius
AROUND = 5  # of the picture's side: where so large a part is brightest, a larger view looks
GLARE = 12.0  # times the brightest pixel
SEED = 2


class Harm(msgspec.Struct, frozen=True):
    """Strengths; those by default change nothing."""

    size: float = 1.0  # times as large as objects were
    blur: float = 0.0  # standard deviation of the lens, pixels
    background: float = 0.0  # that is added at the right, as a share of the range of grey values
    photons: float = 0.0  # that the brightest pixels catch; 0 leaves the exposure as it is
    noise: float = 0.0  # standard deviation of the camera's noise, as a share of the range
    bits: int = ALL_BITS  # of grey levels
    inverted: bool = False
    speck: bool = False


def harmed(channel: Map, truth: Labels | None, harm: Harm) -> tuple[Map, Labels | None]:
    """An altered copy of a (Y, X) channel, with its labels."""
    image, truth = _resized(channel, truth, harm.size)
    image = _dusty(image) if harm.speck else image
    image = ndimage.gaussian_filter(image, harm.blur) if harm.blur > 0 else image
    image = _uneven(image, harm.background) if harm.background > 0 else image
    image = image.max() - image if harm.inverted else image
    image = _dim(image, harm.photons) if harm.photons > 0 else image
    image = _noisy(image, harm.noise) if harm.noise > 0 else image
    image = _coarse(image, harm.bits) if harm.bits < ALL_BITS else image
    return np.asarray(image, np.float32), truth


def _resized(channel: Map, truth: Labels | None, size: float) -> tuple[Map, Labels | None]:
    """Smaller as a whole; larger where most light is alone, so that no picture has more pixels than it had."""
    if size == 1:
        return channel, truth
    kept = tuple(max(1, round(length / max(size, 1))) for length in channel.shape)
    part = _bright_part(channel, kept)
    shape = channel.shape if size > 1 else scaled_shape(channel.shape, size)
    image = resize(channel[part][None], shape)[0]
    if truth is None:
        return image, None
    labels = resize_labels(truth[part], shape)
    return image, _without_slivers(labels) if size > 1 else labels


def _bright_part(channel: Map, sides: tuple[int, ...]) -> Region:
    """So many rows and columns around the brightest part of the picture, whatever their number."""
    light = ndimage.uniform_filter(channel, min(channel.shape) // AROUND + 1)
    centre = np.unravel_index(light.argmax(), light.shape)
    starts = [
        max(0, min(int(place) - side // 2, length - side))
        for place, side, length in zip(centre, sides, channel.shape, strict=True)
    ]
    return tuple(slice(start, start + side) for start, side in zip(starts, sides, strict=True))


def _without_slivers(labels: Labels) -> Labels:
    """Without the little that the cut has left of some objects, which nobody would annotate."""
    labels = compact(labels)
    sizes = areas(labels)
    if len(sizes) < 2:
        return labels
    dropped = np.zeros(len(sizes), bool)
    dropped[edge_labels(labels)] = True
    dropped &= sizes < MOST_OVERLOOKED * np.median(sizes[1:])
    return np.asarray(np.where(dropped[labels], 0, labels))


def _dusty(image: Map) -> AnyArray:
    """A speck that outshines everything, always in the same place."""
    height, width = image.shape
    down, along, radius = SPECK
    rows, columns = np.ogrid[:height, :width]
    inside = np.hypot(rows - down * height, columns - along * width) < max(radius * min(height, width), 1.5)
    return np.where(inside, image.max() * GLARE, image)


def _uneven(image: Map, strength: float) -> AnyArray:
    """Light that grows from the left to the right."""
    return image + grey_range(image)[1] * np.linspace(0, strength, image.shape[1], dtype=np.float32)


def _dim(image: Map, photons: float) -> AnyArray:
    """So few photons for a bright pixel, shown on the scale of the image."""
    dark, span = grey_range(image)
    expected = np.maximum(image - dark, 0) / span * photons
    return np.asarray(dark + caught(expected, chances(image.shape)) / photons * span)


def _noisy(image: Map, strength: float) -> AnyArray:
    return np.asarray(image + strength * grey_range(image)[1] * _noise(image.shape))


@lru_cache(maxsize=4)
def _noise(shape: tuple[int, ...]) -> Map:
    return np.random.default_rng(SEED).standard_normal(shape, dtype=np.float32)


def _coarse(image: Map, bits: int) -> AnyArray:
    """As many grey levels as so many bits tell, over the range from percentile 1 to 99.8."""
    dark, span = grey_range(image)
    steps = 2 ** max(bits, 1) - 1
    return np.asarray(dark + np.rint(np.clip((image - dark) / span, 0, 1) * steps) / steps * span)
