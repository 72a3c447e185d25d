"""From the light that leaves the scene to the numbers that a camera writes.

expected photons = (light after the lens + background) x illumination
image            = offset + gain x (Poisson(expected photons) + Gaussian read noise), rounded and clipped
"""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.ops.simulate.settings import Microscope
from convivo.types import Map

GLOW_WIDTH = 10  # how many times wider than the blur scattered light spreads


def expected(light: Map, microscope: Microscope, rng: np.random.Generator) -> Map:
    """Photons that each pixel gets on average; `light` is what leaves it, 1 in an ordinary nucleus."""
    background = microscope.background * (1 + microscope.unevenness * _hills(light.shape, rng))
    lit = illumination(light.shape[-2:], microscope.unevenness, rng)
    return np.asarray(microscope.photons * lit * (through_lens(light, microscope) + background), np.float32)


def recorded(photons: Map, microscope: Microscope, rng: np.random.Generator) -> NDArray[np.uint16]:
    """Let photons come one by one and the camera add its noise; what is too bright saturates."""
    noise = microscope.read_noise * rng.standard_normal(photons.shape, dtype=np.float32)
    counts = microscope.counts(rng.poisson(photons) + noise)
    return np.clip(np.rint(counts), 0, np.iinfo(np.uint16).max).astype(np.uint16)


def through_lens(light: Map, microscope: Microscope) -> Map:
    """Blur and glow. No light is lost: at the border it is reflected, as if nuclei went on beyond it."""
    sigma = np.array([microscope.blur_z, microscope.blur, microscope.blur][-light.ndim :])
    sharp = ndimage.gaussian_filter(light, sigma, mode="reflect")
    if not microscope.glow:
        return np.asarray(sharp)
    wide = ndimage.gaussian_filter(light, GLOW_WIDTH * sigma, mode="reflect", truncate=3)
    return np.asarray((1 - microscope.glow) * sharp + microscope.glow * wide)


def illumination(shape: tuple[int, ...], unevenness: float, rng: np.random.Generator) -> Map:
    """Brightest (1) somewhere near the middle, falling with the square of the distance to 1 - unevenness."""
    lines = [(np.linspace(0, 1, n, dtype=np.float32) - rng.uniform(0.3, 0.7)) ** 2 for n in shape]
    fall = np.add.outer(*lines)
    return np.asarray(1 - np.float32(unevenness) * fall / fall.max())


def _hills(shape: tuple[int, ...], rng: np.random.Generator) -> Map:
    """A smooth landscape between -1 and 1, its hills and valleys as wide as the image."""
    waves = [
        np.cos(rng.uniform(1, 4) * np.linspace(-1, 1, length) + rng.uniform(0, 2 * np.pi)) for length in shape
    ]
    return np.asarray(reduce(np.multiply.outer, waves), np.float32)
