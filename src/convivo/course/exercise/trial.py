"""Does an exercise keep what it promises? The solution passes, the blank and the wrong fail as they should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from convivo.course.checking import Checked, examine_here
from convivo.course.exercise import student
from convivo.course.exercise.folder import EXERCISES, Exercise, Wrong, find, read
from convivo.course.exercise.hints import STEPS
from convivo.course.exercise.loading import checks_of
from convivo.course.exercise.regions import is_gap
from convivo.errors import BadInput, ConvivoError

NOT_YET: Final = "Not written yet"
TELLING: Final = 12  # characters, from which on a line of the solution may not stand in the student's file


@dataclass(frozen=True, slots=True)
class Fault:
    """What an exercise does not keep, and how it is mended."""

    exercise: str
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying one exercise."""

    exercise: str
    checks: int
    wrongs: int
    seconds: float
    faults: tuple[Fault, ...]

    @property
    def row(self) -> tuple[str, ...]:
        """For a table."""
        result = "keeps its promises" if not self.faults else f"{len(self.faults)} faults"
        return self.exercise, str(self.checks), str(self.wrongs), f"{self.seconds:.1f}", result


def chosen(names: Sequence[str], path: Path | None) -> list[Exercise]:
    """Exercises by name, in a folder, or all of the course."""
    if path is None:
        return [find(name) for name in names or EXERCISES]
    if (path / "exercise.toml").is_file():
        return [read(path)]
    inside = [read(each.parent) for each in sorted(path.glob("*/exercise.toml"))]
    if not inside:
        raise BadInput(
            f"{path} holds no exercise", fix="name the folder that holds exercise.toml, or the one above"
        )
    return [each for each in inside if not names or each.name in names]


def try_out(exercise: Exercise, seeds: int) -> Trial:
    """Try everything."""
    began = perf_counter()
    try:
        checks = [check.name for check in checks_of(exercise)]
    except ConvivoError as error:
        return Trial(exercise.name, 0, 0, 0.0, (Fault(exercise.name, error.problem, error.fix),))
    faults = tuple(
        Fault(exercise.name, what, fix)
        for what, fix in (
            *_hints(exercise, checks),
            *_solution(exercise, seeds),
            *_told(exercise),
            *_unwritten(exercise),
            *_ordered(exercise),
            *(fault for wrong in exercise.wrongs for fault in _wrong(exercise, wrong, checks)),
        )
    )
    return Trial(exercise.name, len(checks), len(exercise.wrongs), perf_counter() - began, faults)


Found = Iterator[tuple[str, str]]  # what is at fault, and the fix


def _hints(exercise: Exercise, checks: Sequence[str]) -> Found:
    for name in checks:
        steps = len(exercise.hints.get(name, ()))
        if steps != STEPS:
            yield f"hints.md has {steps} steps for the check {name}", f"write {STEPS} steps under `## {name}`"
    for name in set(exercise.hints) - set(checks):
        yield f"hints.md helps with {name}, which is no check", f"name a check: {', '.join(checks)}"


def _solution(exercise: Exercise, seeds: int) -> Found:
    for seed in range(seeds):
        for failed in _failed(examine_here(exercise, student.solution(exercise), seed)):
            yield (
                f"the solution fails at the check {failed.check} (seed {seed}): {failed.answer.sentence}",
                "mend exercise.py, or the check",
            )


def _told(exercise: Exercise) -> Found:
    given = {line.strip() for line in student.free(exercise).splitlines()}
    for region in exercise.regions:
        for line in region.lines:
            code = line.strip()
            if len(code) >= TELLING and code in given:
                yield (
                    f"the student's file tells a line of the solution: {code}",
                    "say it in another way in one of the two",
                )


def _unwritten(exercise: Exercise) -> Found:
    blanks = {"the blank": student.free(exercise)}
    if "fill" in exercise.rungs:
        if not any(is_gap(line) for region in exercise.regions for line in region.lines):
            yield 'there is no gap for the rung "fill"', "end a line of the solution with `  # gap`"
            return
        blanks["the file with gaps"] = student.fill(exercise)
    for which, source in blanks.items():
        answers = examine_here(exercise, source, 0)
        for each in answers:
            if each.answer.passed and which == "the blank":
                yield (
                    f"{which} passes the check {each.check}",
                    "let the check ask for what the learner writes",
                )
            elif (
                not each.answer.passed
                and which == "the blank"
                and not each.answer.sentence.startswith(NOT_YET)
            ):
                yield (
                    f"{which} fails at {each.check} without saying that it is not written yet: {each.answer.sentence}",
                    "let the check ask `yours` first, and catch nothing",
                )
        if all(each.answer.passed for each in answers):
            yield f"{which} passes every check", "put the gap where the answer depends on it"


def _ordered(exercise: Exercise) -> Found:
    if "parsons" not in exercise.rungs:
        return
    puzzle = student.parsons(exercise)
    for failed in _failed(examine_here(exercise, puzzle.program(puzzle.right), 0)):
        yield (
            f"the lines in the right order fail at {failed.check}: {failed.answer.sentence}",
            "see the solution",
        )


def _wrong(exercise: Exercise, wrong: Wrong, checks: Sequence[str]) -> Found:
    where = f"wrong/{wrong.name}.py"
    if wrong.check not in checks:
        yield f"{where} expects {wrong.check}, which is no check", f"name a check: {', '.join(checks)}"
        return
    answers = {each.check: each for each in examine_here(exercise, wrong.source, 0)}
    answer = answers[wrong.check].answer
    if answer.passed:
        yield f"{where} passes the check {wrong.check}", "let the check find this misconception"
    elif wrong.says not in answer.sentence:
        yield f"{where} fails at {wrong.check}, but it says: {answer.sentence}", f"it shall say: {wrong.says}"


def _failed(answers: Sequence[Checked]) -> list[Checked]:
    return [each for each in answers if not each.answer.passed]
