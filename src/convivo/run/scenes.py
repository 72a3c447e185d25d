"""Scenes on which ways of finding nuclei are compared: each asks for one thing more than the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.types import Annotated, Image

FIRST_SEED = 141_516  # far from the seeds people train with, so that no scene was learned by heart


@dataclass(frozen=True, slots=True)
class Trial:
    """Images with their truth, under one name; they are made or read when they are walked through."""

    name: str
    about: str  # what is hard about them, in a sentence
    examples: Iterable[Annotated]
    images: int


@dataclass(frozen=True, slots=True)
class Staged:
    """A scene to simulate, and what it is for."""

    name: str
    about: str
    scene: Scene
    microscope: Microscope = Microscope()


STAGED = (
    Staged(
        "spread out",
        "Nuclei lie apart: whoever sees nuclei at all finds them.",
        Scene(nuclei=16, crowding=0),
    ),
    Staged(
        "touching",
        "Nuclei lie side by side, many without a dark line between them.",
        Scene(nuclei=40, crowding=1),
    ),
    Staged(
        "touching, little light",
        "Touching nuclei again, with a twentieth of the light: noise hides the lines between them.",
        Scene(nuclei=40, crowding=1),
        Microscope(photons=450 / 20),
    ),
    Staged(
        "overlapping a little",
        "Up to a fifth of a nucleus lies under others; where two lie over each other, it is brighter.",
        Scene(nuclei=40, crowding=1, overlap=0.2),
    ),
    Staged(
        "overlapping much",
        "Up to half of a nucleus lies under others. What is seen of it is often a crescent, and no ellipse.",
        Scene(nuclei=50, crowding=1, overlap=0.5),
    ),
    Staged(
        "elongated",
        "Spindles three times as long as wide: rays from the middle reach the tips at a low angle.",
        Scene(nuclei=30, diameter=30, roundness=0.3, crowding=0.8),
    ),
)


def simulated_trials(images: int, seed: int = 0) -> tuple[Trial, ...]:
    """So many images of every scene, always the same for one seed."""
    return tuple(_trial(staged, images, FIRST_SEED + seed) for staged in STAGED)


def _trial(staged: Staged, images: int, seed: int) -> Trial:
    pictures = simulate_many(images, staged.scene, staged.microscope, seed=seed)
    names = [f"{staged.name}, image {number}" for number in range(1, images + 1)]
    examples = (
        Annotated(Image(picture.image[None], "CYX", name), picture.labels, name)
        for name, picture in zip(names, pictures, strict=True)
    )
    return Trial(staged.name, staged.about, examples, images)
