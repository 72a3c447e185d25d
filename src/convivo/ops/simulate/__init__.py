"""The honest little microscope: fluorescent nuclei whose every pixel is known.

    scene        where nuclei lie, their outlines, how bright they are          labels, light
    microscope   blur, glow, uneven light and background                        clean
    camera       photons come one by one, and electronics adds its own noise    image

Nuclei are drawn one over the other. Light adds, as fluorescence does; a pixel's label belongs to the nucleus
on top. Every nucleus has its label: one is put only where those below it stay in one piece and keep the share
of their area that `Scene.overlap` leaves them, so that none hides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convivo.errors import BadInput
from convivo.ops.simulate.camera import expected, recorded
from convivo.ops.simulate.exposure import low_exposure, low_exposure_image
from convivo.ops.simulate.placement import populate
from convivo.ops.simulate.settings import Microscope, Scene
from convivo.types import Labels, Map

__all__ = [
    "Microscope",
    "Scene",
    "Simulated",
    "low_exposure",
    "low_exposure_image",
    "simulate",
    "simulate_many",
]


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """A picture and the truth behind it; all three have the scene's shape."""

    image: NDArray[np.uint16]  # what the camera wrote down, in counts
    labels: Labels  # 0 background, 1 to `Scene.nuclei`, each in one piece
    clean: Map  # the image without noise: its mean over endless repetitions, in counts


def simulate(scene: Scene, microscope: Microscope, *, seed: int | np.random.SeedSequence) -> Simulated:
    """Take one picture. Labels depend on scene and seed alone, so that one scene can be seen in many ways.

    Raises BadInput where not all nuclei of the scene find room.
    """
    if isinstance(seed, int) and seed < 0:
        raise BadInput(f"seed {seed} is negative", fix="use 0 or any whole number above")
    rng = np.random.default_rng(seed)
    labels, light = populate(scene, rng)
    photons = expected(light, microscope, rng)
    return Simulated(recorded(photons, microscope, rng), labels, microscope.counts(photons))


def simulate_many(count: int, scene: Scene, microscope: Microscope, *, seed: int) -> Iterator[Simulated]:
    """Yield `count` pictures. Picture k is the same however many are asked for."""
    if count < 0 or seed < 0:
        raise BadInput(f"{count} images with seed {seed}", fix="use 0 or more of each")
    seeds = np.random.SeedSequence(seed).spawn(count)
    return (simulate(scene, microscope, seed=each) for each in seeds)
