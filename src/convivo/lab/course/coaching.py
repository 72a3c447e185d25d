"""The coach's side: a process that owns the place where learners' programs run, and the checks with their solutions.

Light to import: the server imports it only to name its function.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING

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

    from convivo.course.checking import Checked
    from convivo.course.exercise.folder import Exercise
    from convivo.course.runner.program import Event, Limits
    from convivo.course.runner.program import Program as Runnable
    from convivo.course.runner.runner import Run, Runner

log = logging.getLogger("convivo.lab")


def coach(link: Connection) -> None:
    """All that the process does, until the server is gone or ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer
    Thread(target=_end_with_the_server, daemon=True).start()
    from convivo.course.runner.runner import Runner

    with Runner() as runner:
        _Coach(link, runner).listen()


def _end_with_the_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os._exit(0)


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
    """A runner that says which run it began, so that somebody else can stop it."""

    def __init__(self, runner: Runner, stoppable: _Stoppable) -> None:
        self.runner, self.stoppable = runner, stoppable

    def start(self, program: Runnable, limits: Limits) -> Run:
        run = self.runner.start(program, limits)
        self.stoppable.began(run)
        return run


class _Coach:
    """Hears orders, and answers each from a thread of its own."""

    def __init__(self, link: Connection, runner: Runner) -> None:
        self.link, self.runner = link, runner
        self.speaking = Lock()
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
        from convivo.course.exercise.loading import checks_of

        checks = checks_of(_exercise(question.exercise))
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
        from convivo.lab.course import told

        stoppable = self.runs[order.number]
        exercise = _exercise(order.exercise)
        passed: list[str] = []
        asked, ended = 0, False
        for event in _events(exercise, order, self.runner, stoppable):
            if isinstance(event, Checked):
                if stoppable.stopped:  # what a check says of a program that is gone tells nothing
                    break
                asked += 1
                passed += [event.check] if event.answer.passed else []
                said: told.Told = told.checked(event.check, event.title, event.points, event.answer)
            else:
                said = told.told(event)
                ended = isinstance(said, told.Ended)
            self._say(Said(number=order.number, for_page=packed(said)))
        if stoppable.stopped and not ended:
            said = told.Ended(reason="stopped", sentence="You stopped it.", seconds=0.0)
            self._say(Said(number=order.number, for_page=packed(said)))
        return Outcome(passed=tuple(passed), all_passed=0 < asked == len(passed))

    def _say(self, said: Said) -> None:
        with self.speaking:
            self.link.send_bytes(msgspec.msgpack.encode(said))


def _events(
    exercise: Exercise, order: Program, runner: Runner, stoppable: _Stoppable
) -> Iterator[Event | Checked]:
    from convivo.course.checking import examine
    from convivo.course.runner.program import Program as Runnable

    watched = _Watched(runner, stoppable)
    if order.check:
        yield from examine(exercise, order.source, watched, order.seed)
        return
    with watched.start(Runnable(source=order.source, seed=order.seed), exercise.limits) as run:
        yield from run.events()


def _exercise(name: str) -> Exercise:
    from convivo.lab.course.shelf import exercise

    return exercise(name)
