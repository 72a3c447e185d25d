"""What training data looked like, in numbers, so that a model can later say when an image is of another kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from convivo.ops.measure import areas, compact
from convivo.ops.normalisation import noise_level
from convivo.types import AnyArray, Labels

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)  # quantiles over objects
BRIGHTNESS_LEVELS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.998)  # quantiles over pixels


@dataclass(frozen=True, kw_only=True, slots=True)
class Fingerprint:
    """Distributions measured on the training images; intensities in the images' own units, first channel."""

    images: int
    objects: int
    dtype: str
    object_diameters: tuple[float, ...]  # pixels, at LEVELS, of circles (spheres) of equal area
    intensities: tuple[float, ...]  # median over the images of each quantile of BRIGHTNESS_LEVELS
    noise_level: float  # median over the images
    noise_autocorrelation: tuple[float, ...]  # of neighbours along Y and X; 0 for independent pixels
    class_frequencies: dict[str, float] = field(default_factory=dict)  # among the annotated pixels
    shown_frequencies: dict[str, float] = field(default_factory=dict)  # among the pixels of training patches
    features_mean: tuple[float, ...] = ()  # of the net's bottleneck, one number a channel
    features_covariance: tuple[tuple[float, ...], ...] = ()


def fingerprint(images: Sequence[AnyArray], labels: Sequence[Labels]) -> Fingerprint:
    """Measure (C, ...) images and their label images, if they have any.

    Net features and class frequencies are added by training.
    """
    sizes = [areas(compact(each))[1:] for each in labels]
    found = np.concatenate([each[each > 0] for each in sizes]) if sizes else np.zeros(0)
    channels = [image[0] for image in images]
    quantiles = np.median([np.quantile(channel, BRIGHTNESS_LEVELS) for channel in channels], axis=0)
    return Fingerprint(
        images=len(images),
        objects=len(found),
        dtype=str(images[0].dtype),
        object_diameters=_quantiles(diameters(found, images[0].ndim - 1)),
        intensities=tuple(float(value) for value in quantiles),
        noise_level=float(np.median([noise_level(channel) for channel in channels])),
        noise_autocorrelation=_neighbour_correlation(channels),
    )


def diameters(areas_or_volumes: NDArray[np.generic], dimensions: int) -> NDArray[np.float64]:
    """Diameters of circles of these areas, or of spheres of these volumes."""
    sizes = areas_or_volumes.astype(np.float64)
    return np.sqrt(4 * sizes / np.pi) if dimensions == 2 else np.cbrt(6 * sizes / np.pi)


def _quantiles(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in np.quantile(values, LEVELS)) if len(values) else ()


def _neighbour_correlation(channels: Sequence[AnyArray]) -> tuple[float, ...]:
    """Correlation of the noise of neighbours along Y and along X, median over the images.

    Noise is taken as the difference across the other axis in the darker half of the image, where structure hardly is.
    """
    return tuple(float(np.median([_along(channel, axis) for channel in channels])) for axis in (-2, -1))


def _along(channel: AnyArray, axis: int) -> float:
    """Correlation of neighbours along one axis after structure was removed along the other."""
    rows = np.moveaxis(np.asarray(channel[..., :1024, :1024], np.float32), axis, -1)
    if min(rows.shape[-2:]) < 8:
        return 0.0
    dark = rows <= np.median(rows)
    noise = rows[..., 2:, :] - 2 * rows[..., 1:-1, :] + rows[..., :-2, :]
    quiet = dark[..., 2:, :] & dark[..., 1:-1, :] & dark[..., :-2, :]
    both = quiet[..., 1:] & quiet[..., :-1]
    first, second = noise[..., :-1][both], noise[..., 1:][both]
    spread = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / spread) if spread > 0 else 0.0
