"""A handout for paper: what is asked, room to write, and the lines of the solution as strips to cut out."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from convivo.course.checks import Check
from convivo.course.exercise.description import Option
from convivo.course.exercise.folder import Exercise
from convivo.course.exercise.student import parsons
from convivo.course.export.code import printed_code
from convivo.course.export.pieces import in_html, pieces
from convivo.report.page import rendered

ROOM = "convivo.course.export"


@dataclass(frozen=True, slots=True)
class Strips:
    """The lines for one part of the program, right and wrong ones mixed."""

    place: str
    lines: tuple[Markup, ...]


def handout(exercise: Exercise, checks: list[Check]) -> str:
    """The page as HTML, complete in itself. Raises BadInput where a text of the exercise cannot be shown."""
    return rendered(
        "handout.html.j2",
        room=ROOM,
        exercise=exercise,
        checks=checks,
        points=sum(check.points for check in checks),
        question=question(exercise),
        options=options(exercise),
        pieces=list(pieces(exercise, solved=False)),
        strips=strips(exercise),
    )


def question(exercise: Exercise) -> Markup:
    """What is to be predicted; empty where nothing is."""
    return (
        in_html(exercise.predict.question, exercise.path / "exercise.toml") if exercise.predict else Markup()
    )


def options(exercise: Exercise) -> list[tuple[str, Option, Markup, Markup]]:
    """A letter, the option, its text and why somebody would choose it."""
    file = exercise.path / "exercise.toml"
    return [
        (letter, option, in_html(option.text, file), in_html(option.because, file))
        for letter, option in zip(
            "ABCDEFGH", exercise.predict.options if exercise.predict else (), strict=False
        )
    ]


def strips(exercise: Exercise) -> list[Strips]:
    """Strips for each part that the learner writes; none where the exercise has no such rung."""
    if "parsons" not in exercise.rungs:
        return []
    puzzle = parsons(exercise)
    return [
        Strips(
            place,
            tuple(printed_code(piece.text) for piece in puzzle.pieces if piece.region == number),
        )
        for number, place in enumerate(puzzle.places)
    ]
