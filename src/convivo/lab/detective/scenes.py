"""The pictures that the detective's nets learn from and fail on: simulated, so that every seed is the same picture.

Most are ordinary fields of nuclei (ops.simulate). Some need a stain or a structure that the simulator does not have;
these change the light that leaves the scene, and leave lens and camera as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.segmentation import find_boundaries

from convivo.ops.simulate import Microscope, Scene, Simulated
from convivo.ops.simulate.camera import expected, recorded
from convivo.ops.simulate.placement import populate
from convivo.types import Annotated, Image, Labels, Map

Stain = Callable[[Labels, Map, np.random.Generator], Map]  # labels and light of nuclei -> light of this stain

MEMBRANE = 0.075  # sigma of a stained membrane, as a share of the diameter of its cell
FILAMENT_STEP, FILAMENT_TURN = 1.0, 0.06  # pixels; standard deviation of the turn at each step, radians
FILAMENT_WIDTH = 1.2  # pixels: sigma


def stained(scene: Scene, microscope: Microscope, stain: Stain, *, seed: int) -> Simulated:
    """A scene as `simulate` takes it, with another stain."""
    rng = np.random.default_rng(seed)
    labels, light = populate(scene, rng)
    return taken(labels, stain(labels, light, rng), microscope, rng)


def taken(labels: Labels, light: Map, microscope: Microscope, rng: np.random.Generator) -> Simulated:
    """The picture that lens and camera take of some light."""
    photons = expected(light, microscope, rng)
    return Simulated(recorded(photons, microscope, rng), labels, microscope.counts(photons))


def with_membranes(diameter: float) -> Stain:
    """Light leaves the outline of each cell alone: inside it is as dark as outside."""

    def stain(labels: Labels, light: Map, rng: np.random.Generator) -> Map:
        distance = ndimage.distance_transform_edt(~find_boundaries(labels, mode="inner", background=0))
        return np.asarray(np.exp(-((distance / (MEMBRANE * diameter)) ** 2) / 2), np.float32)

    return stain


def dim_ones(nuclei: int, *, every: int) -> NDArray[np.bool_]:
    """Whether a nucleus is of the rare kind, by label from 0, the background: every so many-th is."""
    numbers = np.arange(nuclei + 1)
    return np.asarray((numbers > 0) & (numbers % every == 0))


def with_dim_ones(every: int, brightness: float) -> Stain:
    """Every so many-th nucleus holds little dye."""

    def stain(labels: Labels, light: Map, rng: np.random.Generator) -> Map:
        share = np.where(dim_ones(int(labels.max()), every=every), brightness, 1.0)
        return np.asarray(light * share[labels], np.float32)

    return stain


def filaments(shape: tuple[int, int], count: int, rng: np.random.Generator) -> Map:
    """Light of so many threads that wind through the field; where they cross, light adds."""
    light = np.zeros(shape, np.float32)
    for _ in range(count):
        place, angle = rng.uniform(0, shape), rng.uniform(0, 2 * np.pi)
        for _ in range(4 * max(shape)):
            y, x = np.rint(place).astype(int)
            if not (0 <= y < shape[0] and 0 <= x < shape[1]):
                break
            light[y, x] = 1.0
            place = place + FILAMENT_STEP * np.array([np.sin(angle), np.cos(angle)])
            angle += FILAMENT_TURN * rng.standard_normal()
    spread = ndimage.gaussian_filter(light, FILAMENT_WIDTH)
    return np.asarray(spread / max(float(spread.max()), 1e-6), np.float32)


def row_noise(shape: tuple[int, ...], width: float, rng: np.random.Generator) -> Map:
    """Noise of standard deviation 1 that runs along the rows; of width 0 each pixel has its own."""
    noise = rng.standard_normal(shape)
    if width:
        noise = ndimage.gaussian_filter1d(noise, width, axis=-1, mode="wrap")
    return np.asarray(noise / noise.std(), np.float32)


def annotated(pictures: Sequence[Simulated]) -> tuple[Annotated, ...]:
    """Pictures to learn from, each a group of its own."""
    return tuple(
        Annotated(Image(each.image[None], "CYX", f"field{number}"), each.labels, f"field{number}")
        for number, each in enumerate(pictures)
    )
