"""What was made of a model of an original Keras package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from convivo.model.model import Model


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """The model, and what a person should know of it."""

    model: Model
    weights: Path  # the file they were read from
    notes: tuple[str, ...] = ()  # what had to be assumed or was left out
