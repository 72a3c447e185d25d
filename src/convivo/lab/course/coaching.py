"""The coach's side: a process that owns the place where learners' programs run, and the checks with their solutions.

Light to import: the server imports it only to name its function.
"""

from __future__ import annotations

import logging
import signal
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING, cast

import msgspec

from convivo.errors import ConvivoError
from convivo.lab.course.orders import (
    About,
    Isolation,
    Listed,
    Order,
    Outcome,
    Program,
    Question,
    Refused,
    Said,
    Stop,
)
from convivo.lab.replies import packed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from convivo.course.checking import Checked, Examiner
    from convivo.course.runner.program import Event, Limits
    from convivo.course.runner.program import Program as Runnable
    from convivo.course.runner.run import Run
    from convivo.course.runner.runner import Runner

log = logging.getLogger("convivo.lab")


def coach(link: Connection, roots: tuple[Path, ...] = ()) -> None:
    """All that the process does, until the server ends it or is gone, with which its end of the link closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer
    from convivo.course.runner.runner import Runner

    with Runner() as runner:
        Thread(target=_warm_up, daemon=True).start()
        _Coach(link, runner, roots).listen()


def _warm_up() -> None:
    """Load what checks and solutions ask for, while the learner still reads."""
    import convivo.nets.unet
    import convivo.ops.simulate  # noqa: F401


@dataclass(slots=True)
class _Stoppable:
    """A run that can be stopped from another thread, also before it has begun."""

    run: Run | None = None
    stopped: bool = False
    lock: Lock = field(default_factory=Lock)

    def began(self, run: Run) -> None:
        with self.lock:
            self.run = run
            stopped = self.stopped
        if stopped:
            run.stop()

    def stop(self) -> None:
        with self.lock:
            self.stopped, run = True, self.run
        if run is not None:
            run.stop()


class _Watched:
    """Starts runs of a runner and says which, so that somebody else can stop them."""

    def __init__(self, runner: Runner, stoppable: _Stoppable) -> None:
        self.runner, self.stoppable = runner, stoppable

    def start(self, program: Runnable, limits: Limits | None = None) -> Run:
        run = self.runner.start(program, limits)
        self.stoppable.began(run)
        return run


class _Coach:
    """Hears orders, and answers each from a thread of its own."""

    def __init__(self, link: Connection, runner: Runner, roots: tuple[Path, ...]) -> None:
        self.link, self.runner, self.roots = link, runner, roots
        self.speaking = Lock()
        self.examiners = _Examiners()
        self.runs: dict[int, _Stoppable] = {}

    def listen(self) -> None:
        """Until the server closes its end."""
        while True:
            try:
                order = msgspec.msgpack.decode(self.link.recv_bytes(), type=Order)
            except EOFError:
                return
            match order:
                case Stop(number=number):
                    if number in self.runs:
                        self.runs[number].stop()
                case Program(number=number):
                    self.runs[number] = _Stoppable()
                    Thread(target=self._answer, args=(order,), daemon=True).start()
                case Question():
                    Thread(target=self._answer, args=(order,), daemon=True).start()

    def _answer(self, order: Question | Program) -> None:
        end: About | Outcome | Refused
        try:
            end = self._about(order) if isinstance(order, Question) else self._run(order)
        except ConvivoError as error:
            end = Refused(problem=error.problem, fix=error.fix)
        except Exception as error:  # one odd exercise must not cost the others: it is said, and logged
            log.exception("exercise %s", order.exercise)
            end = Refused(
                problem=f"unforeseen: {type(error).__name__}: {next(iter(str(error).splitlines()), 'no details')}",
                fix="report it with what the terminal prints",
            )
        self.runs.pop(order.number, None)
        self._say(Said(number=order.number, end=end))

    def _about(self, question: Question) -> About:
        checks = self.examiners.of(question.exercise).checks
        isolation = self.runner.isolation
        return About(
            checks=tuple(Listed(name=each.name, title=each.title, points=each.points) for each in checks),
            isolation=Isolation(
                level=isolation.level,
                contains=tuple(isolation.contains),
                not_contained=tuple(isolation.not_contained),
            ),
        )

    def _run(self, order: Program) -> Outcome:
        from convivo.course.checking import Checked
        from convivo.course.exercise.unwritten import open_gaps
        from convivo.lab.course import told

        gaps = open_gaps(order.source).lines
        stoppable = self.runs[order.number]
        passed: list[str] = []
        asked, ended = 0, False
        for event in self._events(order, stoppable):
            if isinstance(event, Checked):
                if stoppable.stopped:  # what a check says of a program that is gone tells nothing
                    break
                asked += 1
                passed += [event.check] if event.answer.passed else []
                said: told.Told = told.checked(event.check, event.title, event.points, event.answer)
            else:
                said = told.told(event, gaps)
                ended = isinstance(said, told.Ended)
            self._say(Said(number=order.number, for_page=packed(said)))
        if stoppable.stopped and not ended:
            said = told.Ended(reason="stopped", sentence="You stopped it.", seconds=0.0)
            self._say(Said(number=order.number, for_page=packed(said)))
        return Outcome(passed=tuple(passed), all_passed=0 < asked == len(passed))

    def _events(self, order: Program, stoppable: _Stoppable) -> Iterator[Event | Checked]:
        from convivo.course.runner.program import Program as Runnable
        from convivo.lab.course.offered import offered
        from convivo.lab.course.shelf import exercise

        watched = cast("Runner", _Watched(self.runner, stoppable))
        asked = exercise(order.exercise)
        data = offered(asked.data, self.roots)
        if order.check:
            examiner = self.examiners.of(order.exercise)
            yield from examiner.examine(order.source, watched, order.seed, data=data)
            return
        with watched.start(Runnable(order.source, seed=order.seed, data=data), asked.limits) as run:
            yield from run.events()

    def _say(self, said: Said) -> None:
        with self.speaking:
            self.link.send_bytes(msgspec.msgpack.encode(said))


class _Examiners:
    """Checks and solutions, loaded once; and again when their author has changed them."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[int, Examiner]] = {}
        self.loading = Lock()

    def of(self, name: str) -> Examiner:
        """The checks of one exercise. Raises BadInput where they cannot be loaded."""
        from convivo.course.checking import Examiner
        from convivo.lab.course.shelf import exercise

        found = exercise(name)
        written = max(path.stat().st_mtime_ns for path in found.path.glob("*.*"))
        with self.loading:
            known = self.known.get(name)
            if known is None or known[0] != written:
                known = self.known[name] = written, Examiner(found)
        return known[1]
