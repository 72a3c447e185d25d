"""The low-exposure twin of an image: the same field, had only a few photons reached the camera.

expected photons = photons x (image - dark) / (bright - dark), none where that is below 0
twin             = dark + (Poisson(expected photons) + Gaussian read noise) / photons x (bright - dark)

Dark and bright are percentiles 0.1 and 99.8 of the image. The twin is on the image's scale, unrounded and unclipped:
over endless repetitions its mean is the image itself, wherever that is not below dark. So twin and image are a pair
to learn denoising from (Weigert et al. 2018), and the image is the truth that the twin's restoration can be held
against. Noise of the image itself is taken for structure: begin with a good exposure.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import numpy as np

from convivo.errors import BadInput
from convivo.ops.channel import check_channel
from convivo.types import AnyArray, Image, Map

DARK = 0.1  # percentile that stands for no light: one pixel in a thousand may be dead or below it
BRIGHT = 99.8  # percentile that gets the photons asked for, as in normalisation
MOST_PHOTONS = 1e9


def low_exposure(
    image: AnyArray, photons: float, rng: np.random.Generator, *, read_noise: float = 1.0
) -> Map:
    """Draw the twin of one (Y, X) or (Z, Y, X) image, whole or floating numbers, in float32.

    photons     mean number that a pixel gets whose value is the 99.8th percentile of the image
    read_noise  of the camera: standard deviation, in photons

    Raises BadInput for photons that are not above 0, read noise below 0, and an image that holds NaN, infinite or
    other than real numbers, is not of 2 or 3 dimensions, or whose percentiles are equal.
    """
    _check_camera(photons, read_noise)
    check_channel(image, "image")
    dark, bright = (float(value) for value in np.percentile(image, (DARK, BRIGHT)))
    if not bright > dark:
        raise BadInput(
            f"the image has no contrast: {BRIGHT - DARK:.1f} % of its pixels are {dark:g}",
            fix="use an image that shows something",
        )
    photons_per_count = photons / (bright - dark)
    twin = np.empty(image.shape, np.float32)
    for row, out in zip(image, twin, strict=True):  # rows, or planes of a stack: little memory
        expected = np.maximum(np.asarray(row, np.float64) - dark, 0) * photons_per_count
        caught = rng.poisson(expected) + read_noise * rng.standard_normal(row.shape)
        out[...] = dark + caught / photons_per_count
    return twin


def low_exposure_image(
    image: Image, photons: float, rng: np.random.Generator, *, read_noise: float = 1.0
) -> Image:
    """The twin of an image, channel by channel; of a film or a stack each channel has one scale."""
    axis = image.axes.index("C")
    twin = np.empty(image.array.shape, np.float32)
    for channel, out in zip(np.moveaxis(image.array, axis, 0), np.moveaxis(twin, axis, 0), strict=True):
        planes = channel.reshape(-1, *channel.shape[-2:]) if channel.ndim > 3 else channel  # a film of stacks
        try:
            out[...] = low_exposure(planes, photons, rng, read_noise=read_noise).reshape(channel.shape)
        except BadInput as error:
            raise BadInput(f"{image.name or 'an image'}: {error.problem}", fix=error.fix) from error
    return replace(image, array=twin)


def _check_camera(photons: float, read_noise: float) -> None:
    if not 0 < photons <= MOST_PHOTONS:
        raise BadInput(
            f"{photons:g} photons for a bright pixel", fix="use a number above 0, such as 5, 20 or 100"
        )
    if not (read_noise >= 0 and isfinite(read_noise)):
        raise BadInput(f"read noise of {read_noise:g} photons", fix="use 0 or a number above, such as 1")
