"""What a learner gets on each rung, and the solution: programs in the percent format, made of the cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from convivo.course.exercise.cells import Cell, write_cells
from convivo.course.exercise.folder import Exercise
from convivo.course.exercise.gaps import with_gap
from convivo.course.exercise.parsons import Parsons, puzzle
from convivo.course.exercise.regions import Region, is_gap, without_gap

YOUR_TURN: Final = 'raise NotImplementedError("your turn")'


def free(exercise: Exercise) -> str:
    """The program without its solution: a function's body raises, a variable is `...`."""
    return write_cells(free_cells(exercise))


def fill(exercise: Exercise) -> str:
    """The program with its solution, but for the gaps."""
    return write_cells(_rewritten(exercise, _filled))


def solution(exercise: Exercise) -> str:
    """The whole program, without marks."""
    return write_cells(solution_cells(exercise))


def parsons(exercise: Exercise) -> Parsons:
    """The lines of the solution, shuffled, among wrong ones; regions that are not puzzled stand there solved."""
    regions = tuple(each for each in exercise.regions if each.function in exercise.puzzled)
    regions = regions or exercise.regions
    return puzzle(
        exercise.name, regions, exercise.distractors, lambda filled: _laid(exercise, regions, filled)
    )


def free_cells(exercise: Exercise) -> tuple[Cell, ...]:
    """The cells of the program without its solution."""
    return _rewritten(exercise, blank)


def solution_cells(exercise: Exercise) -> tuple[Cell, ...]:
    """The cells of the whole program."""
    return _rewritten(exercise, lambda region: [without_gap(line) for line in region.lines])


def blank(region: Region) -> list[str]:
    """What stands for a region that is not written yet."""
    if region.function is None and region.assigned:
        return [f"{region.indent}{name} = ..." for name in region.assigned]
    return [region.indent + YOUR_TURN]


def _filled(region: Region) -> list[str]:
    return [with_gap(without_gap(line)) if is_gap(line) else line for line in region.lines]


def _laid(exercise: Exercise, regions: tuple[Region, ...], filled: tuple[tuple[str, ...], ...]) -> str:
    """The program with these lines in these regions; where there is none, the region is not written yet."""
    given = {region: [without_gap(line) for line in region.lines] for region in exercise.regions}
    laid = {region: list(lines) or blank(region) for region, lines in zip(regions, filled, strict=True)}
    return write_cells(_rewritten(exercise, lambda region: (given | laid)[region]))


def _rewritten(exercise: Exercise, write: Callable[[Region], list[str]]) -> tuple[Cell, ...]:
    """The cells with other lines for each region and its marks."""
    cells = list(exercise.cells)
    for region in reversed(exercise.regions):  # from the end, so that line numbers before stay as they are
        lines = cells[region.cell].text.split("\n")
        lines[region.start - 1 : region.stop + 1] = write(region)
        cells[region.cell] = replace(cells[region.cell], text="\n".join(lines))
    return tuple(cells)
