"""A learner's program against the checks of an exercise."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from convivo.course.checks import Answer, Check
from convivo.course.exercise.folder import Exercise
from convivo.course.exercise.loading import checks_of, solved
from convivo.course.practice import InProcess, asked, silent


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check answered."""

    check: str
    title: str
    points: int
    answer: Answer


def examine_here(exercise: Exercise, source: str, seed: int) -> list[Checked]:
    """Run a trusted program in this process, and ask every check; for authors, never for learners' programs."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with silent(), contextlib.suppress(Exception):
        exec(compile(source, f"{exercise.name}.py", "exec"), names)  # noqa: S102  what stands before the error counts
    ours = InProcess(solved(exercise))
    return [_checked(each, InProcess(names), ours, seed) for each in checks_of(exercise)]


def _checked(check: Check, yours: InProcess, ours: InProcess, seed: int) -> Checked:
    return Checked(check.name, check.title, check.points, asked(check, yours, ours, seed))
