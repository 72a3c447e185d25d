"""The key to a handout: the prediction explained, the solution, the hints, and what wrong solutions show."""

from __future__ import annotations

import base64
import difflib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

from markupsafe import Markup

from convivo.course.checks import Answer, Check, Panel
from convivo.course.exercise.cells import Cell, read_cells
from convivo.course.exercise.folder import Exercise, Wrong
from convivo.course.exercise.student import parsons, solution_cells
from convivo.course.export.code import printed_code
from convivo.course.export.handout import ROOM, Strips, options, question
from convivo.course.export.pieces import in_html, pieces
from convivo.course.practice import draw_panel
from convivo.report.page import rendered


@dataclass(frozen=True, slots=True)
class Misconception:
    """A wrong solution: what stands there, what should, and how the check answers."""

    name: str
    check: str  # its title
    written: Markup
    instead: Markup
    sentence: str
    picture: str  # an address of the kind data:, empty where there is nothing to see


@dataclass(frozen=True, slots=True)
class Help:
    """A check with the steps of its hints."""

    title: str
    points: int
    steps: tuple[Markup, ...]


def answer_key(exercise: Exercise, checks: list[Check], answers: Mapping[str, Answer]) -> str:
    """The page as HTML; `answers` are what the declared check says of each wrong solution, by its name."""
    titles = {check.name: check.title for check in checks}
    return rendered(
        "answer_key.html.j2",
        room=ROOM,
        exercise=exercise,
        points=sum(check.points for check in checks),
        question=question(exercise),
        options=options(exercise),
        pieces=[piece for piece in pieces(exercise, solved=True) if piece.kind != "text"],
        orders=_orders(exercise),
        helps=[_help(exercise, check) for check in checks],
        misconceptions=[
            _misconception(exercise, wrong, titles[wrong.check], answers[wrong.name])
            for wrong in exercise.wrongs
        ],
    )


def picture(panels: tuple[Panel, ...]) -> bytes:
    """The panels of an answer side by side, as PNG; empty where all of them are texts."""
    if all(isinstance(panel.shown, str) for panel in panels):
        return b""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.9 * len(panels), 2.0), dpi=160, layout="constrained")
    for axis, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        draw_panel(axis, panel)
        axis.set_anchor("N")  # titles on one line, whatever the shapes
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _orders(exercise: Exercise) -> list[Strips]:
    """The right lines of the strips, in order."""
    if "parsons" not in exercise.rungs:
        return []
    puzzle = parsons(exercise)
    right = [puzzle.pieces[index] for index in puzzle.right]
    return [
        Strips(place, tuple(printed_code(piece.text) for piece in right if piece.region == number))
        for number, place in enumerate(puzzle.places)
    ]


def _help(exercise: Exercise, check: Check) -> Help:
    steps = exercise.hints.get(check.name, ())
    return Help(check.title, check.points, tuple(in_html(step, exercise.path / "hints.md") for step in steps))


def _misconception(exercise: Exercise, wrong: Wrong, title: str, answer: Answer) -> Misconception:
    written, instead = _difference(wrong, exercise)
    shown = picture(answer.panels)
    return Misconception(
        wrong.name.replace("_", " "),
        title,
        written,
        instead,
        answer.sentence,
        f"data:image/png;base64,{base64.b64encode(shown).decode()}" if shown else "",
    )


def _difference(wrong: Wrong, exercise: Exercise) -> tuple[Markup, Markup]:
    """The lines of code that only the wrong solution has, and those that only the right one has."""
    theirs = _lines(read_cells(_cells_alone(wrong.source), exercise.path / "wrong" / f"{wrong.name}.py"))
    right = _lines(solution_cells(exercise))
    signed = list(difflib.ndiff(right, theirs))
    return (
        printed_code(dedent("\n".join(line[2:] for line in signed if line.startswith("+ ")))),
        printed_code(dedent("\n".join(line[2:] for line in signed if line.startswith("- ")))),
    )


def _cells_alone(source: str) -> str:
    """Without what stands before the first cell, such as the declaration."""
    _, mark, rest = source.partition("# %%")
    return mark + rest if mark else f"# %%\n{source}"


def _lines(cells: tuple[Cell, ...]) -> list[str]:
    return [line for cell in cells if cell.kind == "code" for line in cell.text.split("\n") if line.strip()]
