"""What each of the detective's nets was shown in training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from convivo.lab.detective.scenes import (
    annotated,
    dim_ones,
    row_noise,
    stained,
    with_dim_ones,
    with_membranes,
)
from convivo.ops.simulate import Microscope, Scene, Simulated, low_exposure, simulate, simulate_many
from convivo.types import Annotated, Image, Restorable

SHAPE = (192, 192)  # of most fields

SMALL_CELL, LARGE_CELL = 14.0, 64.0  # pixels: diameters
SMALL_CELLS = Scene(shape=SHAPE, nuclei=40, diameter=SMALL_CELL, roundness=0.8)
LARGE_CELLS = Scene(shape=SHAPE, nuclei=5, diameter=LARGE_CELL, roundness=0.8)

LOW_MAGNIFICATION = Scene(shape=SHAPE, nuclei=16)
MAGNIFIED = 2.5  # times
HIGH_MAGNIFICATION = Scene(shape=(384, 384), nuclei=12, diameter=28 * MAGNIFIED)

MET = 3  # seed of the field that was learned by heart

RARE, FREQUENT, HALF = 80, 4, 2  # every so many-th nucleus is dim
DIM = 0.12  # its brightness, as a share of that of the others
CROWD = Scene(shape=SHAPE, nuclei=20, diameter=22, brightness_spread=0.15, crowding=0.1)
WITH_FEW = Scene(shape=(384, 384), nuclei=RARE, diameter=22, brightness_spread=0.15, crowding=0.1)

NOISE = 120.0  # counts: standard deviation of what is added
WIDTH = 2.0  # pixels: how far noise runs along the rows
PHOTONS = 1.0  # for a bright pixel, of the exposures that are restored


def cells(scene: Scene, seed: int) -> Simulated:
    """Cells with a stained membrane."""
    return stained(scene, Microscope(), with_membranes(scene.diameter), seed=seed)


def cells_of_two_sizes() -> tuple[Annotated, ...]:
    """Cells with a stained membrane: on one half of the fields small ones, on the other half large ones."""
    return annotated([cells(scene, seed) for seed, scene in enumerate(12 * (SMALL_CELLS, LARGE_CELLS))])


def nuclei_at_low_magnification() -> tuple[Annotated, ...]:
    """Ordinary nuclei, 28 pixels wide."""
    return annotated(list(simulate_many(24, LOW_MAGNIFICATION, Microscope(), seed=0)))


def varied_field(seed: int) -> Simulated:
    """Nuclei as any of a laboratory's days shows them: each field has its own light, focus and background."""
    rng = np.random.default_rng(seed)
    scene = replace(LOW_MAGNIFICATION, brightness_spread=0.4, diameter=float(rng.uniform(20, 34)))
    microscope = Microscope(
        blur=float(rng.uniform(0.8, 2.5)),
        background=float(np.exp(rng.uniform(np.log(0.05), np.log(0.6)))),
        photons=float(np.exp(rng.uniform(np.log(30), np.log(450)))),
        unevenness=float(rng.uniform(0.1, 0.6)),
    )
    return simulate(scene, microscope, seed=seed)


def one_field() -> tuple[Annotated, ...]:
    """A single field."""
    return annotated([varied_field(MET)])


def many_fields() -> tuple[Annotated, ...]:
    """Fields of many days."""
    return annotated([varied_field(seed) for seed in range(MET, MET + 24)])


def other_fields() -> tuple[Annotated, ...]:
    """Fields of other days, which the net is never shown."""
    fields = annotated([varied_field(seed) for seed in range(100, 112)])
    return tuple(
        replace(each, image=replace(each.image, name=f"unseen{number}"), group=f"unseen{number}")
        for number, each in enumerate(fields)
    )


def few_dim_nuclei() -> tuple[Annotated, ...]:
    """One nucleus of eighty is dim."""
    stain = with_dim_ones(RARE, DIM)
    return annotated([stained(WITH_FEW, Microscope(), stain, seed=seed) for seed in range(6)])


def many_dim_nuclei() -> tuple[Annotated, ...]:
    """Every second nucleus is dim."""
    stain = with_dim_ones(HALF, DIM)
    return annotated([stained(WITH_FEW, Microscope(), stain, seed=seed) for seed in range(6)])


def share_of_dim(scene: Scene, every: int) -> float:
    """Share of the nuclei of a scene that are dim."""
    return float(dim_ones(scene.nuclei, every=every)[1:].mean())


def noisy_field(seed: int, width: float) -> tuple[Simulated, np.ndarray]:
    """Nuclei without noise, and the same with noise that runs so far along the rows."""
    scene = simulate(LOW_MAGNIFICATION, Microscope(), seed=seed)
    rng = np.random.default_rng([seed, 1])
    return scene, np.asarray(scene.clean + NOISE * row_noise(scene.clean.shape, width, rng), np.float32)


def noise_along_rows() -> tuple[Restorable, ...]:
    """Noisy fields alone; their noise runs along the rows."""
    return _noisy(WIDTH)


def noise_of_each_pixel() -> tuple[Restorable, ...]:
    """The same fields; each pixel has its own noise."""
    return _noisy(0)


def _noisy(width: float) -> tuple[Restorable, ...]:
    fields = (noisy_field(seed, width)[1] for seed in range(16))
    return tuple(
        Restorable(Image(pixels[None], "CYX", f"field{number}"), None, f"field{number}")
        for number, pixels in enumerate(fields)
    )


def low_exposures_of_nuclei() -> Sequence[Restorable]:
    """Nuclei with a photon a pixel, each beside the field as it is."""
    pairs = []
    for number, picture in enumerate(simulate_many(32, LOW_MAGNIFICATION, Microscope(), seed=6)):
        rng = np.random.default_rng([6, number])
        name = f"field{number}"
        shown = low_exposure(picture.clean, PHOTONS, rng)
        pairs.append(
            Restorable(Image(shown[None], "CYX", name), Image(picture.clean[None], "CYX", name), name)
        )
    return pairs
