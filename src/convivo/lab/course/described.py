"""An exercise as the page shows it: its text, what stands in the editor on each rung, lines to lay, hints.

In the page the text stands beside the editor, so the editor holds the cells of code alone. Which lines are right, and
the solution, are not sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent, indent

import msgspec

from convivo.course.exercise import student
from convivo.course.exercise.cells import read_cells, write_cells
from convivo.course.exercise.description import Prediction
from convivo.course.exercise.folder import Exercise
from convivo.course.exercise.parsons import Parsons
from convivo.course.exercise.regions import Region
from convivo.course.lesson.markdown import Source, rendered, rendered_line
from convivo.errors import BadInput
from convivo.lab.course.offered import offered

STEP = 4  # spaces of one level
DEEPEST = 8  # levels to which a line may be moved


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that can be chosen."""

    text: str
    because: str
    right: bool


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """The question of the rung "predict", as lessons ask theirs."""

    id: str
    text: str
    options: tuple[Option, ...]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line that can be laid, without its indent."""

    text: str
    place: int  # into which of the places it belongs


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where lines are laid: the code before and behind it."""

    before: str
    after: str
    indent: int  # spaces of its outermost lines


class Puzzle(msgspec.Struct, frozen=True, kw_only=True):
    """The rung "parsons"."""

    lines: tuple[Line, ...]
    places: tuple[Place, ...]


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """An exercise."""

    name: str
    title: str
    summary: str
    lesson: str
    minutes: int
    provides: tuple[str, ...]
    rungs: tuple[str, ...]
    text: str  # html
    sources: dict[str, str]  # what the editor begins with, by rung
    puzzle: Puzzle | None
    predict: Question | None
    hints: dict[str, tuple[str, ...]]  # html, by the name of the check
    data: str  # what images it asks for; empty where it needs none
    offered: str  # the folder that it is given; empty where none of the chosen ones fits


class Laid(msgspec.Struct, frozen=True, kw_only=True):
    """A line where the learner laid it."""

    line: int  # number in the puzzle
    level: int  # steps of indent within its place


def described(exercise: Exercise, roots: Sequence[Path] = ()) -> Described:
    """All of it; `roots` are the folders that the person chose."""
    folder = offered(exercise.data, roots)
    return Described(
        name=exercise.name,
        title=exercise.title,
        summary=exercise.summary,
        lesson=exercise.lesson,
        minutes=exercise.minutes,
        provides=exercise.provides,
        rungs=exercise.rungs,
        text=_text(exercise),
        sources={
            "fill": code_of(student.fill(exercise), exercise),
            "free": code_of(student.free(exercise), exercise),
        },
        puzzle=_puzzle(exercise) if "parsons" in exercise.rungs else None,
        predict=_question(exercise.predict, exercise) if exercise.predict else None,
        hints={
            name: tuple(_html(step, exercise) for step in steps) for name, steps in exercise.hints.items()
        },
        data=exercise.data,
        offered=f"{folder.parent.name}/{folder.name}" if folder else "",
    )


def code_of(program: str, exercise: Exercise) -> str:
    """The cells of code alone; the first needs no mark."""
    cells = tuple(cell for cell in read_cells(program, exercise.path) if cell.kind == "code")
    return write_cells(cells).removeprefix("# %%\n")


def program_of(exercise: Exercise, laid: tuple[Laid, ...]) -> str:
    """The program that these lines make, each in its place, in this order and with these indents. Raises BadInput."""
    puzzle = student.parsons(exercise)
    numbers = [each.line for each in laid]
    if len(set(numbers)) != len(numbers) or not set(numbers) <= set(range(len(puzzle.pieces))):
        raise BadInput(f"{numbers} is no order of {len(puzzle.pieces)} lines", fix="reload the page")
    places: list[list[str]] = [[] for _ in puzzle.indents]
    for each in laid:
        piece = puzzle.pieces[each.line]
        spaces = puzzle.indents[piece.region] + " " * (STEP * min(max(each.level, 0), DEEPEST))
        places[piece.region] += indent(dedent(piece.text), spaces).split("\n")
    return code_of(puzzle.laid(tuple(tuple(lines) for lines in places)), exercise)


def _text(exercise: Exercise) -> str:
    """The cells of text; the page has the title already."""
    html = "\n".join(_html(cell.text, exercise) for cell in exercise.cells if cell.kind == "markdown")
    return re.sub(r"\A<h1>.*?</h1>\s*", "", html)


def _puzzle(exercise: Exercise) -> Puzzle:
    puzzle: Parsons = student.parsons(exercise)
    return Puzzle(
        lines=tuple(Line(text=dedent(piece.text), place=piece.region) for piece in puzzle.pieces),
        places=tuple(_places(exercise)),
    )


def _places(exercise: Exercise) -> list[Place]:
    """The code around each region that is puzzled: of its cell, and not of its neighbours there."""
    puzzled = [each for each in exercise.regions if each.function in exercise.puzzled] or exercise.regions
    return [_place(region, exercise, puzzled) for region in puzzled]


def _place(region: Region, exercise: Exercise, puzzled: Sequence[Region]) -> Place:
    """What stands between two regions is shown before the second."""
    is_last = not any(other.cell == region.cell and other.start > region.stop for other in puzzled)
    lines = exercise.cells[region.cell].text.split("\n")
    others = [other for other in exercise.regions if other.cell == region.cell and other != region]
    begins = max([other.stop + 1 for other in others if other.stop < region.start], default=0)
    ends = min([other.start - 1 for other in others if other.start > region.stop], default=len(lines))
    return Place(
        before="\n".join(lines[begins : region.start - 1]).strip("\n"),
        after="\n".join(lines[region.stop + 1 : ends]).strip("\n") if is_last else "",
        indent=len(region.indent),
    )


def _question(prediction: Prediction, exercise: Exercise) -> Question:
    return Question(
        id="predict",
        text=_html(prediction.question, exercise),
        options=tuple(
            Option(
                text=_line(option.text, exercise), because=_line(option.because, exercise), right=option.right
            )
            for option in prediction.options
        ),
    )


def _html(text: str, exercise: Exercise) -> str:
    return rendered(Source(text, exercise.name, 0))


def _line(text: str, exercise: Exercise) -> str:
    return rendered_line(Source(text, exercise.name, 0))
