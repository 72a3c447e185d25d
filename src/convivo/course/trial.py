"""Does an exercise keep what it promises? The solution passes, the blank and the wrong fail as they should.

Programs are run in the runner, so what is tried here is what a learner meets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from convivo.course.checking import NOT_YET, Checked, Examiner
from convivo.course.exercise import student
from convivo.course.exercise.folder import EXERCISES, Exercise, Wrong, find, read
from convivo.course.exercise.hints import STEPS
from convivo.course.exercise.regions import is_gap, without_gap
from convivo.course.export.pieces import in_html
from convivo.course.runner.program import Ended, Raised, Ready
from convivo.course.runner.runner import Runner
from convivo.errors import BadInput, ConvivoError

TELLING: Final = 12  # characters, from which on a line of the solution may not stand in the student's file
SHARE: Final = 0.5  # of a limit, which the solution may take, as other machines are slower


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
    seconds: float  # of a processor, for the solution with all its checks, the longest
    megabytes: float | None  # of it, the most; None where the system does not tell
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One program, run and asked."""

    answers: tuple[Checked, ...]
    raised: Raised | None
    ended: Ended | None  # before it was ready
    seconds: float  # of a processor; on the clock where the system does not tell
    megabytes: float | None


def chosen(names: Sequence[str], path: Path | None) -> list[Exercise]:
    """Exercises by name, in a folder, or all of the course. Raises BadInput."""
    if path is None:
        return [find(name) for name in names or EXERCISES]
    if (path / "exercise.toml").is_file():
        return [read(path)]
    inside = [read(each.parent) for each in sorted(path.glob("*/exercise.toml"))]
    if not inside:
        raise BadInput(
            f"{path} holds no exercise", fix="name the folder that holds exercise.toml, or the one above"
        )
    if missing := set(names) - {each.name for each in inside}:
        raise BadInput(
            f"{path} holds no exercise {', '.join(sorted(missing))}",
            fix=f"take one of {', '.join(each.name for each in inside)}",
        )
    return [each for each in inside if not names or each.name in names]


Found = Iterator[tuple[str, str]]  # what is at fault, and the fix


def try_out(exercise: Exercise, runner: Runner, seeds: int) -> Trial:
    """Try everything; as many programs at once as the runner runs."""
    try:
        trying = Trying(exercise, runner)
    except ConvivoError as error:
        return Trial(exercise.name, 0, 0, 0.0, None, (Fault(exercise.name, error.problem, error.fix),))
    jobs: list[Callable[[], list[tuple[str, str]]]] = [
        lambda: list(trying.texts()),
        lambda: list(trying.told()),
        *(lambda seed=seed: list(trying.solution(seed)) for seed in range(seeds)),
        lambda: list(trying.blank()),
        lambda: list(trying.gaps()),
        lambda: list(trying.ordered()),
        *(lambda wrong=wrong: list(trying.wrong(wrong)) for wrong in exercise.wrongs),
    ]
    with ThreadPoolExecutor(runner.cores) as pool:
        found = [fault for faults in pool.map(lambda job: job(), jobs) for fault in faults]
    faults = tuple(Fault(exercise.name, what, fix) for what, fix in found)
    return Trial(
        exercise.name, len(trying.checks), len(exercise.wrongs), trying.seconds, trying.megabytes, faults
    )


class Trying:
    """One exercise, and what its solution took so far."""

    def __init__(self, exercise: Exercise, runner: Runner) -> None:
        self.exercise = exercise
        self.examiner = Examiner(exercise)
        self.checks = [check.name for check in self.examiner.checks]
        self.seconds = 0.0
        self.megabytes: float | None = None
        self._runner = runner

    def texts(self) -> Found:
        """Hints stand for every check, and all texts can be shown."""
        exercise = self.exercise
        for name in self.checks:
            steps = len(exercise.hints.get(name, ()))
            if steps != STEPS:
                yield (
                    f"hints.md has {steps} steps for the check {name}",
                    f"write {STEPS} steps under `## {name}`",
                )
        for name in sorted(set(exercise.hints) - set(self.checks)):
            yield f"hints.md helps with {name}, which is no check", f"name a check: {', '.join(self.checks)}"
        if len(set(self.checks)) < len(self.checks):
            yield "two checks have the same name", "give each its own"
        told = [cell for cell in exercise.cells if cell.kind == "markdown"]
        texts = [(cell.text, "exercise.py", cell.line) for cell in told]
        texts += [(step, "hints.md", 0) for steps in exercise.hints.values() for step in steps]
        for text, file, line in texts:
            try:
                in_html(text, exercise.path / file, line)
            except ConvivoError as error:
                yield error.problem, error.fix

    def told(self) -> Found:
        """The student's file tells no line of the solution."""
        given = {line.strip() for line in student.free(self.exercise).splitlines()}
        for region in self.exercise.regions:
            for line in region.lines:
                code = without_gap(line).strip()
                if len(code) >= TELLING and code in given:
                    yield (
                        f"the student's file tells a line of the solution: {code}",
                        "write one of the two otherwise",
                    )

    def solution(self, seed: int) -> Found:
        """The solution passes, well within its limits."""
        tried = self._run(student.solution(self.exercise), seed)
        self.seconds = max(self.seconds, tried.seconds)
        self.megabytes = max(self.megabytes or 0.0, tried.megabytes or 0.0) or None
        if tried.raised:
            yield (
                f"the solution raises {tried.raised.kind}: {tried.raised.message} (seed {seed})",
                "mend exercise.py",
            )
        for each in _failed(tried):
            yield (
                f"the solution fails at the check {each.check} (seed {seed}): {each.answer.sentence}",
                "mend exercise.py, or the check",
            )
        limits = self.exercise.limits
        if tried.seconds > SHARE * limits.cpu:
            yield f"the solution with its checks takes {tried.seconds:.1f} of {limits.cpu:g} seconds", _ROOM
        if (tried.megabytes or 0.0) > SHARE * limits.memory:
            yield f"the solution takes {tried.megabytes:.0f} of {limits.memory} MB", _ROOM

    def blank(self) -> Found:
        """What is not written yet is told so, at every check, and when it is run."""
        tried = self._run(student.free(self.exercise), 0)
        if (
            tried.raised
            and tried.raised.kind != "NotImplementedError"
            and "ellipsis" not in tried.raised.message
        ):
            yield (
                f"the blank raises {tried.raised.kind} in line {tried.raised.line}: {tried.raised.message}",
                "let what tries the solution out call what the learner writes first",
            )
        for each in tried.answers:
            if each.answer.passed:
                yield (
                    f"the blank passes the check {each.check}",
                    "let the check ask for what the learner writes",
                )
            elif not each.answer.sentence.startswith(NOT_YET):
                yield (
                    f"the blank fails at {each.check} and does not say that it is not written: {each.answer.sentence}",
                    "let the check ask `yours` before all else, and let Unfinished pass",
                )

    def gaps(self) -> Found:
        """The program with gaps is told so as well, at least at one check."""
        if "fill" not in self.exercise.rungs:
            return
        if not any(is_gap(line) for region in self.exercise.regions for line in region.lines):
            yield 'there is no gap for the rung "fill"', "end a line of the solution with `  # gap`"
            return
        failed = _failed(self._run(student.fill(self.exercise), 0))
        if not failed:
            yield "the program with gaps passes every check", "put a gap where an answer depends on it"
        for each in failed:
            if not each.answer.sentence.startswith(NOT_YET):
                yield (
                    f"the program with gaps fails at {each.check} without a word of the gap: {each.answer.sentence}",
                    "let the check ask `yours` before all else, and let Unfinished pass",
                )

    def ordered(self) -> Found:
        """The lines in the right order are right."""
        if "parsons" not in self.exercise.rungs:
            return
        puzzle = student.parsons(self.exercise)
        for each in _failed(self._run(puzzle.program(puzzle.right), 0)):
            yield (
                f"the lines in the right order fail at {each.check}: {each.answer.sentence}",
                "see the solution",
            )

    def wrong(self, wrong: Wrong) -> Found:
        """A wrong solution fails where and as it says, and runs through."""
        where = f"wrong/{wrong.name}.py"
        if wrong.check not in self.checks:
            yield (
                f"{where} expects {wrong.check}, which is no check",
                f"name a check: {', '.join(self.checks)}",
            )
            return
        tried = self._run(wrong.source, 0, only=wrong.check)
        if tried.raised or tried.ended:
            said = f"{tried.raised.kind}: {tried.raised.message}" if tried.raised else str(tried.ended)
            yield f"{where} does not run through: {said}", "write it so that it runs and answers wrongly"
        answer = next(each.answer for each in tried.answers if each.check == wrong.check)
        if answer.passed:
            yield f"{where} passes the check {wrong.check}", "let the check find this misconception"
        elif wrong.says not in answer.sentence:
            yield (
                f"{where} fails at {wrong.check}, but it says: {answer.sentence}",
                f"it shall say: {wrong.says}",
            )

    def _run(self, source: str, seed: int, only: str | None = None) -> Tried:
        """Run one program, and ask all checks or only one."""
        answers: list[Checked] = []
        raised: Raised | None = None
        ended: Ended | None = None
        seconds = 0.0
        for event in self.examiner.examine(source, self._runner, seed, only=only):
            if isinstance(event, Checked):
                answers.append(event)
            elif isinstance(event, Raised):
                raised = raised or event
            elif isinstance(event, Ended):
                ended = event
            elif isinstance(event, Ready):
                seconds = event.seconds
        seconds += sum(each.seconds for each in answers)
        taken = [each.taken for each in answers if each.taken is not None]
        if taken:
            seconds = max(each.cpu for each in taken)
        megabytes = max((each.memory for each in taken), default=None)
        return Tried(tuple(answers), raised, ended, seconds, megabytes)


_ROOM: Final = "raise the limit in exercise.toml, or make the exercise smaller"


def _failed(tried: Tried) -> list[Checked]:
    return [each for each in tried.answers if not each.answer.passed]
