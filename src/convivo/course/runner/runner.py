"""Runs learners' programs, so many at once as there are processors; others wait, first come, first served.

    with Runner() as runner, runner.start(Program("print(1 + 1)"), Limits()) as run:
        for event in run.events(): ...

Blocking, and safe to use from several threads. What is contained and what not says `Runner.isolation`.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections import deque
from typing import Self

from convivo.course.runner import alone, forks
from convivo.course.runner.house import House
from convivo.course.runner.isolation import Isolation
from convivo.course.runner.program import Limits, Program
from convivo.course.runner.run import Run
from convivo.errors import ConvivoError


class Runner:
    """Owns the warmed process. Close it, or use it as a context manager."""

    def __init__(self, cores: int | None = None, *, warm: bool = True) -> None:
        self._warm = warm  # without, it is there sooner, and a run that uses torch waits for it
        self.cores = cores or os.cpu_count() or 1
        self._turns = Turns(self.cores)
        self._warmed: House | None = None
        self._starting = threading.Lock()
        self._runs: set[Run] = set()
        self._number = 0
        self._closed = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._warm_up, name="warming", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def isolation(self) -> Isolation:
        """What is contained on this machine; waits until the warmed process is there."""
        return self._ready().isolation

    def start(self, program: Program, limits: Limits | None = None) -> Run:
        """Start a program; it begins when it is its turn. Raises BadInput where its values cannot be handed over."""
        if self._closed:
            raise RuntimeError("this runner is closed")
        with self._starting:
            self._number += 1
            number = self._number
        run = Run(number, program, limits or Limits(), self._ready, self._turns, self._runs.discard)
        self._runs.add(run)
        run.begin()
        return run

    def close(self) -> None:
        """Stop what runs, and end the warmed process."""
        self._closed = True
        for run in list(self._runs):
            run.close()
        with self._starting:
            if self._warmed is not None:
                self._warmed.close()
                self._warmed = None

    def _warm_up(self) -> None:
        with contextlib.suppress(ConvivoError):  # the first run, or who asks for `isolation`, will be told
            self._ready()

    def _ready(self) -> House:
        with self._starting:
            if self._warmed is None or not self._warmed.alive:
                if self._warmed is not None:
                    self._warmed.close()
                self._warmed = _house(warm=self._warm)
            return self._warmed


def isolation_here() -> Isolation:
    """What is contained on this machine, tried; takes a second, and leaves nothing running."""
    with Runner(warm=False) as runner:
        return runner.isolation


def _house(*, warm: bool) -> House:
    return forks.warmed(warm=warm) if sys.platform == "linux" else alone.Alone()


class Turns:
    """So many at once, the others in the order in which they came."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def ask(self) -> threading.Event:
        """An event that is set when it is one's turn. Give it back in any case."""
        turn = threading.Event()
        with self._lock:
            if self._free > 0:
                self._free -= 1
                turn.set()
            else:
                self._waiting.append(turn)
        return turn

    def give_back(self, turn: threading.Event) -> None:
        """Let the next one come; or stop waiting."""
        with self._lock:
            if not turn.is_set():
                self._waiting.remove(turn)
            elif self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
