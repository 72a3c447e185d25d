"""How good a net of "Cut the wire" is: whether it finds the nuclei, and how far off it draws them.

The simulated nuclei are small, so that outlines count: on large round ones a net without skips is nearly as good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from convivo.model import Example, Model
from convivo.ops.scores import match_many, mistakes, outline_distances, pooled
from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.types import Annotated, Image

IOUS = (0.5, 0.75, 0.9)
SCENE = Scene(nuclei=50, diameter=13)
FIELDS, SEED = 6, 11


@dataclass(frozen=True, slots=True)
class Measured:
    """What one net did on some images, pooled."""

    accuracy: tuple[float, ...]  # at each of IOUS
    recall: float  # share of the nuclei that were found, at the first of them
    merged: int  # objects of the answer that take several nuclei for one
    outline: float  # mean distance between the outlines of nuclei and of what was found for them, in pixels


def simulated() -> tuple[Annotated, ...]:
    """Small simulated nuclei, which everybody can measure on."""
    pictures = simulate_many(FIELDS, SCENE, Microscope(), seed=SEED)
    return tuple(
        Annotated(Image(each.image[None], "CYX", f"field{number}"), each.labels, f"field{number}")
        for number, each in enumerate(pictures)
    )


def measured(model: Model, images: Sequence[Example]) -> Measured:
    """Ask a net for each annotated image, in torch and float32, and compare."""
    predictor = Predictor(model, PredictOptions(engine=Wanted("torch", "float32", "cpu")))
    pairs = [
        (each.labels, predictor.predict(each.image).labels) for each in cast("Sequence[Annotated]", images)
    ]
    totals = [pooled(column) for column in zip(*(match_many(*pair, IOUS) for pair in pairs), strict=True)]
    return Measured(
        accuracy=tuple(total.accuracy for total in totals),
        recall=totals[0].recall,
        merged=sum(len(mistakes(*pair).merged) for pair in pairs),
        outline=float(np.concatenate([outline_distances(*pair) for pair in pairs]).mean()),
    )
