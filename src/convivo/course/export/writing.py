"""Writes what is taken away from exercises, a file each, and says which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from convivo.course.checking import Examiner, said_of_wrong
from convivo.course.exercise.cells import Cell, write_cells
from convivo.course.exercise.folder import Exercise
from convivo.course.export.answer_key import answer_key
from convivo.course.export.handout import handout
from convivo.course.export.notebook import notebook
from convivo.course.export.taken_home import for_learners, for_teachers
from convivo.course.runner.runner import Runner
from convivo.io.atomic import output_folder, writing

Format = Literal["ipynb", "py", "html"]
SOLVED: Final = "_solution"
KEY: Final = "_answer_key"


def export(
    exercises: Sequence[Exercise], form: Format, out: Path, *, key: bool, runner: Runner | None
) -> Iterator[Path]:
    """Write each exercise into the folder `out`, and with `key` what only teachers get.

    The key of a handout asks `runner` what the checks say of wrong solutions. Raises BadInput for an exercise that
    cannot be shown, CannotWrite where the disk refuses.
    """
    output_folder(out)
    for exercise in exercises:
        for name, text in _files(exercise, form, key, runner):
            path = out / name
            with writing(path) as part:
                part.write_text(text, encoding="utf-8", newline="\n")
            yield path


def _files(exercise: Exercise, form: Format, key: bool, runner: Runner | None) -> Iterator[tuple[str, str]]:
    if form == "html":
        examiner = Examiner(exercise)
        yield f"{exercise.name}.html", handout(exercise, examiner.checks)
        if key and runner is not None:
            answers = {wrong.name: said_of_wrong(examiner, wrong, runner) for wrong in exercise.wrongs}
            yield f"{exercise.name}{KEY}.html", answer_key(exercise, examiner.checks, answers)
        return
    yield f"{exercise.name}.{form}", _program(exercise, form, for_learners(exercise))
    if key:
        yield f"{exercise.name}{SOLVED}.{form}", _program(exercise, form, for_teachers(exercise))


def _program(exercise: Exercise, form: Format, cells: tuple[Cell, ...]) -> str:
    return notebook(cells, exercise.name) if form == "ipynb" else write_cells(cells)
