"""The learner's program as she takes it with her: with the exercise's text, and its checks behind it."""

from __future__ import annotations

from typing import Literal

from convivo.course.exercise.cells import Cell, read_cells, write_cells
from convivo.course.exercise.folder import Exercise
from convivo.course.export.notebook import notebook
from convivo.course.export.taken_home import for_learners

Format = Literal["py", "ipynb"]


def taken(exercise: Exercise, source: str, form: Format) -> str:
    """A program in the percent format, or a notebook. Raises BadInput for a mark of a cell that cannot be read."""
    cells = _with_hers(exercise, read_cells(f"# %%\n{source}", exercise.path))
    return notebook(cells, exercise.name) if form == "ipynb" else write_cells(cells)


def _with_hers(exercise: Exercise, hers: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Her cells of code in the places of the exercise's, or behind all text where she made other cells."""
    given = for_learners(exercise)
    before, end = given[:-2], given[-2:]  # the last two are the checks
    texts = [cell for cell in before if cell.kind == "markdown"]
    codes = [cell for cell in before if cell.kind == "code"]
    if len(codes) != len(hers) or any(cell.kind != "code" for cell in hers):
        return (*texts, *hers, *end)
    rest = iter(hers)
    return (*(next(rest) if cell.kind == "code" else cell for cell in before), *end)
