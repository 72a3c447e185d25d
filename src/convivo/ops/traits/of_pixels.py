"""Traits of one channel: light, noise, and how its grey values are spread. Ratios are logarithms to base 2."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from convivo.ops.noise_kinds import neighbour_correlation
from convivo.ops.normalisation import noise_level
from convivo.types import AnyArray

SAMPLE = 65536  # pixels, evenly spread, that tell the grey values
SIDE = 256  # pixels along Y and X, in the middle, that tell of noise
FINE, COARSE = 1.0, 2.5  # sigmas in pixels of two gradients
STEEP = 0.99  # quantile of the gradients: at outlines
TINY = 1e-6


def pixel_traits(channel: AnyArray) -> dict[str, float]:
    """Of one (Y, X) or (Z, Y, X) channel in its own units; empty where it is constant.

    range_to_noise        range (percentiles 1 to 99.8, as in normalisation) over the noise of single pixels
    brightest             the same range over that of percentiles 1 to 99: a few bright pixels stretch it
    dark_share            where the median lies in that range, from 0 to 1
    saturated             share of pixels that have the highest value of all
    grey_levels           distinct values within the range
    noise_along_y, _x     correlation of the noise of neighbours
    stripes               how much these two differ
    sharpness             steep fine gradients over steep coarse ones
    """
    plane = channel[len(channel) // 2] if channel.ndim == 3 else channel
    if not plane.max() > plane.min():
        return {}
    step = max(1, int(np.sqrt(plane.size / SAMPLE)))
    values, part = plane[::step, ::step], _middle(plane)
    low, median, high, top = np.percentile(values, (1, 50, 99, 99.8))
    span = max(float(top - low), TINY * float(plane.max() - plane.min()))
    along_y, along_x = neighbour_correlation(part)
    noise = max(noise_level(part), TINY * span)
    return {
        "range_to_noise": float(np.log2(span / noise)),
        "brightest": float(np.log2(span / max(float(high - low), TINY * span))),
        "dark_share": float((median - low) / span),
        "saturated": float((values == plane.max()).mean()),
        "grey_levels": float(np.log2(_levels(values, low, top))),
        "noise_along_y": along_y,
        "noise_along_x": along_x,
        "stripes": abs(along_y - along_x),
        "sharpness": sharpness(np.asarray(part, np.float32)),
    }


def sharpness(part: AnyArray) -> float:
    """Of (Y, X) pixels: 0 where all is smooth, above where there is detail finer than COARSE."""
    fine, coarse = (
        float(np.quantile(ndimage.gaussian_gradient_magnitude(part, sigma, truncate=3), STEEP))
        for sigma in (FINE, COARSE)
    )
    return float(np.log2(max(fine, TINY) / max(coarse, TINY))) if coarse > 0 else 0.0


def _levels(values: AnyArray, low: float, top: float) -> int:
    """Distinct values within the range."""
    return max(1, len(np.unique(values[(values >= low) & (values <= top)])))


def _middle(plane: AnyArray) -> AnyArray:
    starts = [max(0, (length - SIDE) // 2) for length in plane.shape]
    return plane[tuple(slice(start, start + SIDE) for start in starts)]
