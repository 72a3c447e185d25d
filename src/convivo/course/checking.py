"""A learner's program against the checks of an exercise.

The learner's source runs in the runner; checks and solution stand here, where no learner's code can reach them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from convivo.course.checks import Answer, Check, Held, Learner, LearnerFailed, Unfinished, Value
from convivo.course.exercise.folder import Exercise, Wrong
from convivo.course.exercise.loading import checks_of, solved
from convivo.course.exercise.unwritten import OpenGaps, open_gaps
from convivo.course.practice import InProcess, unreadable, unwritten
from convivo.course.runner.program import Ended, Event, Program, Raised
from convivo.course.runner.run import Run
from convivo.course.runner.runner import Runner
from convivo.course.runner.watch import Taken
from convivo.errors import BadInput

NOT_YET: Final = "Not written yet"
_ONE_AT_A_TIME: Final = threading.RLock()  # solutions share the random numbers of this process
AGAIN: Final = 2  # times that a program is started again for the checks that remain after one ended it


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check answered."""

    check: str
    title: str
    points: int
    answer: Answer
    seconds: float = 0.0  # that the learner's program took for it
    taken: Taken | None = None  # by the program until then, where the system tells


class Examiner:
    """An exercise's checks and solution, loaded once; may examine several programs at a time.

    Raises BadInput where checks or solution cannot be run.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        with _ONE_AT_A_TIME:
            self.checks = checks_of(exercise)
            self._names = solved(exercise)

    def examine(
        self, source: str, runner: Runner, seed: int, *, data: Path | None = None, only: str | None = None
    ) -> Iterator[Event | Checked]:
        """What happens while the program runs, then what each check answers, or `only` one of them.

        Inputs are drawn by `seed`.
        """
        program = Program(source, seed=seed, data=data, answers=True)
        gaps = open_gaps(source)
        checks = [check for check in self.checks if only in (None, check.name)]
        asked = 0
        for attempt in range(AGAIN + 1):
            with runner.start(program, self.exercise.limits) as run:
                raised: Raised | None = None
                for event in run.events():
                    raised = event if isinstance(event, Raised) else raised
                    if attempt == 0:
                        yield event
                while asked < len(checks) and run.ended is None:
                    yield self._asked(checks[asked], run, gaps, seed)
                    asked += 1
                ended = run.ended
            if ended is None or asked == len(checks) or (asked == 0 and attempt == 0):
                break
        for check in checks[asked:]:
            yield _checked(check, Answer(False, _over(ended, raised, gaps)))

    def _asked(self, check: Check, run: Run, gaps: OpenGaps, seed: int) -> Checked:
        ours = Ours(self._names)
        yours = Asked(run, gaps)
        try:
            answer = check.ask(yours, ours, np.random.default_rng(seed))
        except Unfinished as error:
            answer = Answer(False, unwritten(error))
        except LearnerFailed as error:
            answer = Answer(False, f"{NOT_YET}: {_gap(gaps)}" if gaps.lines else str(error))
        except Exception as error:  # noqa: BLE001  a learner's function may give back anything
            answer = Answer(False, unreadable(error))
        return _checked(check, answer, yours.seconds, run.taken())


class Examiners:
    """Examiners of several exercises, each loaded when it is first asked for."""

    def __init__(self, exercises: Sequence[Exercise]) -> None:
        self._exercises = {exercise.name: exercise for exercise in exercises}
        self._loaded: dict[str, Examiner] = {}
        self._one_at_a_time = threading.Lock()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the exercises."""
        return tuple(self._exercises)

    def of(self, name: str) -> Examiner | None:
        """The examiner of an exercise; None where there is no such one. Raises BadInput."""
        if name not in self._exercises:
            return None
        with self._one_at_a_time:
            if name not in self._loaded:
                self._loaded[name] = Examiner(self._exercises[name])
            return self._loaded[name]


def examine(
    exercise: Exercise, source: str, runner: Runner, seed: int, data: Path | None = None
) -> Iterator[Event | Checked]:
    """As `Examiner.examine`, for one program."""
    yield from Examiner(exercise).examine(source, runner, seed, data=data)


class Asked:
    """A learner's program, of which what still has a gap is not asked."""

    def __init__(self, learner: Learner, gaps: OpenGaps) -> None:
        self._learner = learner
        self._gaps = gaps
        self.seconds = 0.0  # that it took to answer, so far

    def call(self, name: str, *given: Value, seconds: float | None = None) -> Value:
        """What its function gives back. Raises Unfinished or LearnerFailed."""
        if name in self._gaps.functions:
            raise Unfinished(f"line {self._gaps.functions[name]} still holds `...`.")
        began = perf_counter()
        try:
            return self._whole(name, self._learner.call(name, *given, seconds=seconds))
        finally:
            self.seconds += perf_counter() - began

    def value(self, name: str) -> Value:
        """A variable of it. Raises Unfinished or LearnerFailed."""
        return self._whole(name, self._learner.value(name))

    def _whole(self, name: str, value: Value) -> Value:
        if isinstance(value, Held) and value.kind == "ellipsis":
            raise Unfinished(f"`{name}` is still `...`.")
        return value


class Ours(InProcess):
    """The solution; it shares its random numbers with other threads, so it is asked by one at a time."""

    def call(self, name: str, *given: Value, seconds: float | None = None) -> Value:
        """What its function gives back."""
        with _ONE_AT_A_TIME:
            return super().call(name, *given, seconds=seconds)


def _checked(check: Check, answer: Answer, seconds: float = 0.0, taken: Taken | None = None) -> Checked:
    return Checked(check.name, check.title, check.points, answer, seconds, taken)


def _gap(gaps: OpenGaps) -> str:
    return f"line {gaps.lines[0]} still holds `...`."


def _over(ended: Ended | None, raised: Raised | None, gaps: OpenGaps) -> str:
    """Why a check was not asked."""
    if raised is not None and raised.kind == "NotImplementedError":
        return f"{NOT_YET}."
    if raised is not None and gaps.lines:
        return f"{NOT_YET}: {_gap(gaps)}"
    if raised is not None:
        at = f" in line {raised.line}" if raised.line else ""
        return f"Your program ended{at} with {raised.kind}: {raised.message.splitlines()[0] if raised.message else ''}"
    return ended.sentence if ended else "Your program has ended."


def said_of_wrong(examiner: Examiner, wrong: Wrong, runner: Runner) -> Answer:
    """What the declared check says of a wrong solution."""
    for event in examiner.examine(wrong.source, runner, seed=0, only=wrong.check):
        if isinstance(event, Checked) and event.check == wrong.check:
            return event.answer
    raise BadInput(
        f"wrong/{wrong.name}.py expects {wrong.check}, which is no check", fix="name a check of checks.py"
    )
