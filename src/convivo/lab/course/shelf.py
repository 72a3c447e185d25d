"""The exercises of the course by their names; a page can name nothing else."""

from __future__ import annotations

from convivo.course.exercise.folder import EXERCISES, SHIPPED, Exercise, read
from convivo.errors import BadInput


def exercise(name: str) -> Exercise:
    """One of the course. A name is looked up in the list, and never taken as a path."""
    if name not in EXERCISES:
        raise BadInput(f"there is no exercise {name[:60]!r}", fix=f"choose from {', '.join(EXERCISES)}")
    return read(SHIPPED / name)
