"""What training data looked like, in numbers, so that a model can later say when an image is of another kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from convivo.ops.deviations import Usual
from convivo.ops.expectation import UNTRIED, Expectation, Experience
from convivo.ops.measure import areas, compact, diameters
from convivo.ops.noise_kinds import neighbour_correlation
from convivo.ops.normalisation import noise_level
from convivo.ops.traits.of_features import Spread
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
    # mean over images and standard deviation of what each feature map of the encoder is on average, from fine to coarse
    features: tuple[Spread, ...] = ()
    traits: dict[str, Usual] = field(default_factory=dict)  # what is usual of each (ops/traits)
    tried: Experience = UNTRIED  # altered copies of such images
    quick: Expectation | None = None  # what these tell, by the traits of one answer
    thorough: Expectation | None = None  # by those of the encoder's features too


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
        noise_autocorrelation=_medians([neighbour_correlation(channel) for channel in channels]),
    )


def _quantiles(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in np.quantile(values, LEVELS)) if len(values) else ()


def _medians(pairs: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """Over the images, of each number."""
    return tuple(float(value) for value in np.median(pairs, axis=0))
