"""An exercise as learners take it home: with a word before it on how to begin, and its checks behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from convivo.course.exercise.cells import Cell
from convivo.course.exercise.folder import Exercise
from convivo.course.exercise.student import free_cells, solution_cells

_WHICH: Final = re.compile(r"^[#\s]*exercise: *`?([a-z][a-z0-9_]*)`?", re.MULTILINE)
_CHECKED: Final = re.compile(r"""^\s*check\(\s*["']([a-z][a-z0-9_]*)["']""", re.MULTILINE)


def for_learners(exercise: Exercise) -> tuple[Cell, ...]:
    """The cells of the program without its solution, with what is said before and asked behind."""
    return (_begin(exercise), *free_cells(exercise), *_end(exercise))


def for_teachers(exercise: Exercise) -> tuple[Cell, ...]:
    """The same with the solution."""
    return (_begin(exercise), *solution_cells(exercise), *_end(exercise))


def exercise_named_in(texts: Iterable[str]) -> str | None:
    """The exercise that a program or a notebook's cells call themselves, or whose checks they ask; None where none."""
    texts = list(texts)
    for pattern in (_WHICH, _CHECKED):
        for text in texts:
            if named := pattern.search(text):
                return named[1]
    return None


def _begin(exercise: Exercise) -> Cell:
    asked = ", ".join(f"`{name}`" for name in exercise.provides)
    return Cell(
        "markdown",
        f"exercise: `{exercise.name}` · about {exercise.minutes} minutes\n\n"
        "This needs Python and convivo. Where `import convivo` fails, as in a new notebook of Colab, put\n"
        "`%pip install convivo` into a cell of its own and run it first.\n\n"
        'Go through it from top to bottom. Each `raise NotImplementedError("your turn")` and each `...` is yours to\n'
        f"replace. The last cell checks what you wrote; run it as often as you like. It asks for\n{asked}.",
    )


def _end(exercise: Exercise) -> tuple[Cell, ...]:
    return (
        Cell(
            "markdown",
            "## Check\n\nEach check says in one sentence what it found. Inputs are drawn anew each time.",
        ),
        Cell("code", f'from convivo.course import check\n\ncheck("{exercise.name}")'),
    )
