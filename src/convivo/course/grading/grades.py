"""Points for what was handed in: each program runs apart, and is asked by the checks of its exercise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Final

from convivo.course.checking import Checked, Examiner, Examiners
from convivo.course.grading.handed_in import HandedIn, read_handed_in
from convivo.course.grading.notebooks import Program
from convivo.course.runner.program import Ended, Raised
from convivo.course.runner.runner import Runner
from convivo.io.tables import write_table

_LINE: Final = re.compile(r"\bline (\d+)\b")
COLUMNS: Final = ("who", "file", "exercise", "points", "of", "sentences", "seconds")


@dataclass(frozen=True, slots=True)
class Grade:
    """What one file, or the best of several, is worth."""

    who: str
    file: str
    exercise: str
    points: int
    of: int
    sentences: tuple[str, ...]
    seconds: float  # on the clock


def graded(
    files: Sequence[Path],
    folder: Path,
    examiners: Examiners,
    runner: Runner,
    *,
    seed: int,
    exercise: str | None = None,
) -> Iterator[Grade]:
    """A grade for each file, in their order; as many at once as the runner runs. All meet the same inputs."""

    def grade(path: Path) -> Grade:
        handed = read_handed_in(path, folder, examiners.names, exercise)
        examiner = examiners.of(handed.exercise)
        if handed.program is None or handed.refused or examiner is None:
            of = sum(check.points for check in examiner.checks) if examiner else 0
            return Grade(handed.who, handed.file, handed.exercise, 0, of, (handed.refused,), 0.0)
        return _grade(handed, handed.program, examiner, runner, seed)

    with ThreadPoolExecutor(runner.cores) as pool:
        yield from pool.map(grade, files)


def best(grades: Sequence[Grade]) -> list[Grade]:
    """For each person and exercise the best attempt, in order of their names; of equals the first."""
    of_each: dict[tuple[str, str], list[Grade]] = {}
    for grade in grades:
        of_each.setdefault((grade.who.casefold(), grade.exercise), []).append(grade)
    return [_best(of_each[key]) for key in sorted(of_each)]


def write_grades(path: Path, grades: Sequence[Grade]) -> None:
    """One row for each, as CSV; what a spreadsheet would run as a formula is disarmed. Raises CannotWrite."""
    write_table(
        path,
        COLUMNS,
        (
            (
                each.who,
                each.file,
                each.exercise,
                each.points,
                each.of,
                " ".join(each.sentences),
                round(each.seconds, 1),
            )
            for each in grades
        ),
    )


def _grade(handed: HandedIn, program: Program, examiner: Examiner, runner: Runner, seed: int) -> Grade:
    began = perf_counter()
    answers: list[Checked] = []
    sentences: list[str] = []
    for event in examiner.examine(program.source, runner, seed):
        if isinstance(event, Checked):
            answers.append(event)
        elif isinstance(event, Raised):
            at = f" in line {event.line}" if event.line else ""
            sentences.append(f"{event.kind}{at}: {_first_line(event.message)}")
        elif isinstance(event, Ended) and event.reason not in ("done", "error"):
            sentences.append(event.sentence)
    told = _told(answers, sentences)
    return Grade(
        handed.who,
        handed.file,
        handed.exercise,
        sum(each.points for each in answers if each.answer.passed),
        sum(each.points for each in answers),
        tuple(_ended(_placed(each, program)) for each in (*told, *program.remarks)),
        perf_counter() - began,
    )


def _told(answers: Sequence[Checked], happened: list[str]) -> list[str]:
    """What happened, then why checks failed; those that failed alike are told together."""
    failed: dict[str, list[str]] = {}
    for each in answers:
        if not each.answer.passed:
            failed.setdefault(_first_line(each.answer.sentence), []).append(each.title)
    if not failed:
        return ["All checks passed.", *happened]
    if len(failed) == 1 and len(answers) > 1 and all(not each.answer.passed for each in answers):
        return list(failed)  # such as the reason why it could not be asked at all
    return [*happened, *(f"{', '.join(titles)}: {sentence}" for sentence, titles in failed.items())]


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _placed(sentence: str, program: Program) -> str:
    """With the lines of a notebook as its cells have them."""
    return _LINE.sub(lambda found: program.place(int(found[1])), sentence) if program.begins else sentence


def _best(grades: list[Grade]) -> Grade:
    first = max(grades, key=lambda grade: grade.points)
    if len(grades) == 1:
        return first
    return replace(first, sentences=(*first.sentences, f"The best of {len(grades)} files."))


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0][:300]
