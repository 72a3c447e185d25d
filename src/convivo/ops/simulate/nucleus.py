"""One nucleus: a wobbly ellipse or ellipsoid, filled with chromatin.

Seen from its centre, every direction has its distance to the outline: that of the ellipse times 1 + a smooth
random function of the direction, a sum of a few slow waves. The same lines draw in two and three dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.ops.simulate.settings import Scene
from convivo.types import Map

WAVES = 4  # in the outline
NUCLEOLI = 1.5  # dark spots in a nucleus, on average
EDGE = 0.6  # light at the rim, where a nucleus is thin, as a share of that at its centre

Mask = NDArray[np.bool_]
Coordinates = NDArray[np.float64]  # (axis, (Z,) Y, X)


@dataclass(frozen=True, slots=True, eq=False)
class Nucleus:
    """Mask and light in a box just large enough; `centre` is a position in the box."""

    mask: Mask  # in one piece
    light: Map  # 0 outside the mask
    centre: tuple[int, ...]


def chromatin(scene: Scene, rng: np.random.Generator) -> Map:
    """Light in an endless piece of chromatin (it repeats), 1 on average: fine grains on coarse ones."""
    shape = [int(4 * scene.diameter / side) + 1 for side in scene.spacing]
    field = np.zeros(shape, np.float32)
    for grain in (scene.diameter / 20, scene.diameter / 7):
        noise = rng.standard_normal(shape, dtype=np.float32)
        smooth = ndimage.gaussian_filter(noise, [grain / side for side in scene.spacing], mode="wrap")
        field += smooth / (smooth.std() + 1e-9)
    return np.asarray(np.exp(scene.texture * field / np.sqrt(2)), np.float32)


def draw(scene: Scene, texture: Map, rng: np.random.Generator) -> Nucleus:
    """Draw one nucleus of the scene."""
    axes = _half_axes(scene, rng)
    here, centre = _coordinates(axes, scene, rng)
    radius = np.sqrt((here**2).sum(axis=0))  # 1 on the ellipse
    edge = 1 + _wobble(here / (radius + 1e-9), scene, rng)
    mask = _one_piece(radius < edge, centre)
    brightness = np.exp(scene.brightness_spread * rng.standard_normal())
    dome = EDGE + (1 - EDGE) * np.sqrt(np.clip(1 - (radius / edge) ** 2, 0, 1))
    light = brightness * dome * _nucleoli(here, rng) * _piece(texture, mask.shape, rng)
    return _trimmed(mask, np.where(mask, light, 0).astype(np.float32), centre)


def _half_axes(scene: Scene, rng: np.random.Generator) -> NDArray[np.float64]:
    """Half axes from longest to shortest, in pixels; their product is that of a disc or ball."""
    radius = scene.diameter / 2 * np.exp(scene.size_spread * np.clip(rng.standard_normal(), -2.5, 2.5))
    roundness = np.clip(scene.roundness + 0.1 * rng.standard_normal(), 0.3, 1.0)
    return np.asarray(radius * roundness ** np.linspace(-0.5, 0.5, len(scene.shape)))


def _coordinates(
    axes: NDArray[np.float64], scene: Scene, rng: np.random.Generator
) -> tuple[Coordinates, tuple[int, ...]]:
    """A box's pixels in the nucleus' own frame, turned anyhow, in which its half axes are 1 long."""
    reach = axes.max() * (1 + 3 * scene.irregularity)
    centre = tuple(int(np.ceil(reach / side)) for side in scene.spacing)
    shift = rng.uniform(-0.5, 0.5, len(centre))  # nuclei do not care for the pixel grid
    places = np.indices([2 * half + 1 for half in centre], dtype=float)
    for place, half, off, side in zip(places, centre, shift, scene.spacing, strict=True):
        place -= half + off
        place *= side
    turn = np.linalg.qr(rng.standard_normal((len(centre), len(centre))))[0]
    return np.tensordot(turn / axes[:, None], places, axes=1), centre


def _wobble(direction: Coordinates, scene: Scene, rng: np.random.Generator) -> NDArray[np.float64]:
    """How far the outline leaves the ellipse, in each direction: waves on a circle or sphere."""
    speeds = 1.5 * rng.standard_normal((WAVES, len(direction)))
    phases = rng.uniform(0, 2 * np.pi, (WAVES, *[1] * (direction.ndim - 1)))
    waves = np.cos(np.tensordot(speeds, direction, axes=1) + phases).sum(axis=0)
    return np.asarray(scene.irregularity * np.sqrt(2 / WAVES) * waves)


def _one_piece(mask: Mask, centre: tuple[int, ...]) -> Mask:
    """The part around the centre; a nucleus too flat to hold a pixel's middle still has its centre."""
    mask[centre] = True
    pieces, _ = ndimage.label(mask)
    return np.asarray(pieces == pieces[centre])


def _nucleoli(here: Coordinates, rng: np.random.Generator) -> NDArray[np.float64]:
    """How much light dark spots leave."""
    left = np.ones(here.shape[1:])
    for _ in range(rng.poisson(NUCLEOLI)):
        middle = rng.uniform(-0.5, 0.5, len(here)).reshape(-1, *[1] * (here.ndim - 1))
        depth, size = rng.uniform(0.1, 0.5), rng.uniform(0.08, 0.16)
        left *= 1 - depth * np.exp(-((here - middle) ** 2).sum(axis=0) / (2 * size**2))
    return left


def _piece(texture: Map, shape: tuple[int, ...], rng: np.random.Generator) -> Map:
    """A piece of so many pixels from anywhere in a texture that repeats."""
    starts = rng.integers(0, texture.shape)
    around = [(start + np.arange(n)) % m for start, n, m in zip(starts, shape, texture.shape, strict=True)]
    return np.asarray(texture[np.ix_(*around)])


def _trimmed(mask: Mask, light: Map, centre: tuple[int, ...]) -> Nucleus:
    """The same in the smallest box."""
    (box,) = ndimage.find_objects(mask.astype(np.uint8))
    return Nucleus(mask[box], light[box], tuple(c - part.start for c, part in zip(centre, box, strict=True)))
