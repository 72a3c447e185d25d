"""An exercise on paper, piece by piece: text, code, and room to write where the learner's part is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from markupsafe import Markup

from convivo.course.exercise.cells import Cell
from convivo.course.exercise.folder import Exercise
from convivo.course.exercise.regions import Region, without_gap
from convivo.course.export.code import printed_lines
from convivo.course.lesson.markdown import Source, rendered

WHOLE = 14  # lines of code that are kept on one page
ROOM = 2  # lines to write on, more than the solution has


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: ready HTML of a text; lines of code; a solution; or so many lines to write on."""

    kind: Literal["text", "code", "solution", "room"]
    html: Markup = Markup()
    indent: int = 0  # characters
    lines: int = 0
    begins: bool = False  # a cell

    @property
    def long(self) -> bool:
        """Whether it may be cut by the end of a page."""
        return self.html.count("\n") > WHOLE


def pieces(exercise: Exercise, *, solved: bool) -> Iterator[Piece]:
    """All cells; where the solution stands it is shown, or room is left for it."""
    for number, cell in enumerate(exercise.cells):
        if cell.kind == "markdown":
            yield Piece("text", in_html(cell.text, exercise.path / "exercise.py", cell.line))
        else:
            regions = [region for region in exercise.regions if region.cell == number]
            first, *others = _code(cell, regions, solved=solved)
            yield replace(first, begins=True)
            yield from others


def in_html(text: str, file: Path, line: int = 0) -> Markup:
    """Markdown as HTML, in which HTML is switched off. Raises BadInput for a link that leads nowhere."""
    return Markup(rendered(Source(text, str(file), line)))  # noqa: S704  markdown-it escapes what it is given


def _code(cell: Cell, regions: list[Region], *, solved: bool) -> Iterator[Piece]:
    lines = printed_lines([without_gap(line) for line in cell.text.split("\n")])
    at = 0
    for region in regions:
        yield from _lines(lines[at : region.start - 1])
        if solved:
            yield Piece("solution", Markup("\n").join(lines[region.start : region.stop]))
        else:
            yield Piece("room", indent=len(region.indent), lines=len(region.lines) + ROOM)
        at = region.stop + 1
    yield from _lines(lines[at:])


def _lines(lines: list[Markup]) -> Iterator[Piece]:
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    if lines:
        yield Piece("code", Markup("\n").join(lines))
