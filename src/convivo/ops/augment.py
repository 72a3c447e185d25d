"""Show a net the same cells turned, mirrored, scaled, brighter, noisier: all that the microscope does not fix.

Position, rotation, scale and mirroring are one map from patch to image, applied once, so that a patch is interpolated
once. Pixels are interpolated linearly; targets never are: each target pixel is one that somebody annotated. Half of
the patches are only turned by quarters and mirrored, which needs no interpolation: interpolation smooths the noise,
and a net must also meet the noise as it is.

Now and then a patch is an empty field, made up: a net that never met one finds something in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.errors import BadInput
from convivo.types import Map, Pixels

Matrix = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Augmentation:
    """How far training patches may differ from the images."""

    interpolated: float = 0.5  # share of patches with any angle and scale; the others turn by quarters
    scale: float = 0.2  # sizes between 1 / (1 + scale) and 1 + scale
    brightness: float = 1.0  # factor between 1 / (1 + brightness) and 1 + brightness: a speck of dirt that
    # outshines the cells moves the bright percentile, and all cells become dim
    offset: float = 0.05  # added to the normalised pixels, at most
    noise: float = 0.03  # standard deviation of added noise, at most
    empty: float = 0.02  # share of patches that show nothing but background and its noise
    turned: bool = True  # whether patches turn at all; else they are only mirrored and scaled

    def __post_init__(self) -> None:
        for name in ("interpolated", "empty"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadInput(
                    f"augmentation {name} {getattr(self, name)} is not between 0 and 1",
                    fix="use the share of patches, such as 0.1",
                )
        for name in ("scale", "brightness", "offset", "noise"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise BadInput(
                    f"augmentation {name} {getattr(self, name)} is not a number from 0 on",
                    fix="use 0 for none of it, or a positive number",
                )


NONE = Augmentation(interpolated=0, scale=0, brightness=0, offset=0, noise=0, empty=0)
GRAIN = 1.5  # pixels: widest blur of an empty field's noise
# its largest standard deviation: so wide is noise that was stretched to the range of a picture
STRETCHED = 0.2
SLOPE = 1.0  # of its brightness across the field, at most: an empty field's range may be nothing but slope


def patch(
    pixels: Pixels,
    targets: Map,
    centre: tuple[int, ...],
    size: tuple[int, ...],
    how: Augmentation,
    rng: np.random.Generator,
) -> tuple[Pixels, Map]:
    """Cut (C, *size) pixels and (T, *size) targets around `centre`, turned, scaled and mirrored together.

    A patch that is only cut begins at `centre - size // 2`.
    """
    matrix, exact = _turn(len(size), how, rng)
    middle = (np.array(size) - 1) / 2
    start = np.array(centre) - np.array(size) // 2 + middle - matrix @ middle
    if exact:  # a quarter turn swaps sides: where one is odd and one even, the start lies between pixels
        start = np.round(start)
    nearest: tuple[Any, ...] = (slice(None), *_nearest(matrix, start, size, pixels.shape[1:]))
    shown = pixels[nearest] if exact else _interpolated(pixels, matrix, start, size)
    return _relight(shown, how, rng), targets[nearest]


def empty_field(shape: tuple[int, ...], rng: np.random.Generator) -> Pixels:
    """(C, ...) pixels of nothing: uneven background with noise of any grain, as normalisation would show it."""
    noise = rng.standard_normal(shape, dtype=np.float32)
    # half of the fields have a camera's noise, pixel by pixel
    grain = rng.uniform(0, GRAIN) * rng.integers(2)
    if grain > 0:
        noise = ndimage.gaussian_filter(noise, grain, axes=(-2, -1))
        noise /= max(float(noise.std()), 1e-6)
    level = rng.uniform(0, STRETCHED)
    slope = sum(
        rng.uniform(-SLOPE, SLOPE) * np.linspace(-0.5, 0.5, side, dtype=np.float32).reshape(-1, *(1,) * axis)
        for axis, side in enumerate(shape[:0:-1])
    )
    field = level * (noise + 2) + slope  # the dark percentile lies some two deviations below the mean
    return np.asarray(field, np.float32)


def _turn(dimensions: int, how: Augmentation, rng: np.random.Generator) -> tuple[Matrix, bool]:
    """A matrix from patch to image coordinates, and whether it maps pixels on pixels.

    The last two axes turn; a Z axis, whose resolution differs, is only mirrored.
    """
    exact = rng.random() >= how.interpolated
    quarter = np.pi / 2
    angle = quarter * rng.integers(4) if exact else rng.uniform(0, 4 * quarter)
    if not how.turned:
        angle = 0.0
    zoom = 1.0 if exact else _factor(how.scale, rng)
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix = np.eye(dimensions)
    matrix[-2:, -2:] = np.array([[cosine, -sine], [sine, cosine]]) / zoom
    matrix = matrix * rng.choice([-1.0, 1.0], size=dimensions)  # each column mirrors one axis of the patch
    return (np.round(matrix) if exact else matrix), exact


def _nearest(
    matrix: Matrix, start: NDArray[np.float64], size: tuple[int, ...], shape: tuple[int, ...]
) -> tuple[NDArray[np.intp], ...]:
    """Indices of the image's pixel nearest to each of the patch; beyond the image it is the image mirrored."""
    indices = []
    for axis, length in enumerate(shape):
        place = np.full((1,) * len(size), start[axis])
        for along, side in enumerate(size):  # one line for each axis of the patch, added up to a plane
            line = matrix[axis, along] * np.arange(side)
            place = place + line.reshape([-1 if each == along else 1 for each in range(len(size))])
        indices.append(_mirrored(np.rint(place).astype(np.intp), length))
    return tuple(indices)


def _mirrored(places: NDArray[np.intp], length: int) -> NDArray[np.intp]:
    """Places beyond the ends, reflected about the first and the last pixel."""
    if length == 1:
        return np.zeros_like(places)
    if places.min() >= 0 and places.max() < length:
        return places
    places = np.abs(places) % (2 * length - 2)
    return np.minimum(places, 2 * length - 2 - places)


def _interpolated(
    pixels: Pixels, matrix: Matrix, start: NDArray[np.float64], size: tuple[int, ...]
) -> NDArray[np.float32]:
    """The patch, interpolated linearly; beyond the image it sees the image mirrored."""
    out = np.empty((len(pixels), *size), np.float32)
    for channel, values in zip(out, pixels, strict=True):
        ndimage.affine_transform(
            values, matrix, start, output_shape=size, output=channel, order=1, mode="mirror", prefilter=False
        )
    return out


def _relight(pixels: Pixels, how: Augmentation, rng: np.random.Generator) -> Pixels:
    """Another exposure of the same patch."""
    factor = np.float32(_factor(how.brightness, rng))
    pixels = pixels * factor + np.float32(rng.uniform(-how.offset, how.offset))
    sigma = np.float32(rng.uniform(0, how.noise))
    if sigma > 0:
        pixels += sigma * rng.standard_normal(pixels.shape, dtype=np.float32)
    return pixels


def _factor(spread: float, rng: np.random.Generator) -> float:
    """Between 1 / (1 + spread) and 1 + spread, as often above one as below."""
    return float(np.exp(rng.uniform(-1, 1) * np.log1p(spread)))
