"""The server's side of the coach: starts its process with the first exercise, and anew where it is gone.

The server itself knows no torch and runs no learner's code. What takes the coach down costs the runs that were under
way, each of which is told so.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import multiprocessing
from threading import Thread
from typing import TYPE_CHECKING

import msgspec

from convivo.errors import NotAvailable
from convivo.lab.course.orders import About, Order, Outcome, Program, Question, Refused, Said, Stop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

ALIVE = 3.0  # seconds: so often something is sent while a run says nothing, to notice when its page is gone
NOTHING = msgspec.msgpack.encode(None)
GONE = NotAvailable(
    "the process that runs and checks programs stopped",
    fix="try again, it starts anew; where it happens again, close other programs",
)

Talk = asyncio.Queue["Said | None"]  # what is said of one question or run; None when the coach is gone


class Coach:
    """Asks the coach process. For one event loop."""

    def __init__(self, roots: Sequence[Path] = ()) -> None:
        self.roots = tuple(roots)  # folders in which there may be images for an exercise
        self._numbers = itertools.count(1)
        self._talks: dict[int, Talk] = {}
        self._run_of: dict[str, int] = {}  # the newest run of each page
        self._process: SpawnProcess | None = None
        self._link: Connection | None = None

    def warm(self) -> None:
        """Start it, where it is not there."""
        if self._link is not None:
            return
        from convivo.lab.course.coaching import coach

        ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=coach, args=(theirs, self.roots))
        self._process.start()
        theirs.close()
        self._link = ours
        Thread(target=self._hear, args=(ours, asyncio.get_running_loop()), daemon=True).start()

    async def about(self, exercise: str) -> About:
        """Which checks an exercise has, and how programs are contained. Raises NotAvailable."""
        number = next(self._numbers)
        talk = self._talks[number] = asyncio.Queue()
        try:
            self._order(Question(number=number, exercise=exercise))
            said = await talk.get()
        finally:
            self._talks.pop(number, None)
        if said is None:
            raise GONE
        if isinstance(said.end, Refused):
            raise NotAvailable(said.end.problem, fix=said.end.fix)
        assert isinstance(said.end, About)
        return said.end

    def begin(self, page: str, exercise: str, source: str, *, check: bool, seed: int) -> int:
        """Begin a run; its number. It replaces the run of the same page that is under way."""
        self.stop_run(self._run_of.get(page, 0))
        self._run_of = {each: run for each, run in self._run_of.items() if run in self._talks}
        number = self._run_of[page] = next(self._numbers)
        self._talks[number] = asyncio.Queue()
        self._order(Program(number=number, exercise=exercise, source=source, check=check, seed=seed))
        return number

    async def follow(self, number: int) -> AsyncIterator[bytes | Outcome | Refused]:
        """All that is said of a run, packed for the page, and its end. Leaving before that stops the run."""
        talk, is_over = self._talks[number], False
        try:
            while not is_over:
                try:
                    said = await asyncio.wait_for(talk.get(), ALIVE)
                except TimeoutError:
                    yield NOTHING
                    continue
                is_over = said is None or said.end is not None
                if is_over:  # nothing is left to be stopped
                    self._talks.pop(number)
                yield _told(said)
        finally:
            self.leave(number)

    def leave(self, number: int) -> None:
        """Nobody listens to a run any more: it is ended, unless it is over."""
        self.stop_run(number)
        self._talks.pop(number, None)

    def stop_run(self, number: int) -> None:
        """End a run at once; one that is over is let be."""
        if number in self._talks:
            self._order(Stop(number=number))

    def let_go(self) -> None:
        """Tell all who wait that nothing more comes, so that the server can stop."""
        for talk in self._talks.values():
            talk.put_nowait(None)

    def stop(self) -> None:
        """End the process, and with it all runs."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()

    def _order(self, order: Order) -> None:
        said = msgspec.msgpack.encode(order)
        self.warm()
        assert self._link is not None
        try:
            self._link.send_bytes(said)
        except OSError:  # it died, and `_hear` has not told so yet
            self._lost(self._link)

    def _hear(self, link: Connection, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread of its own: hand on what the coach says, until it is gone."""
        with contextlib.suppress(RuntimeError):  # the loop has ended, and the server with it
            with contextlib.suppress(EOFError, OSError):
                while True:
                    said = msgspec.msgpack.decode(link.recv_bytes(), type=Said)
                    loop.call_soon_threadsafe(self._hand_on, said)
            loop.call_soon_threadsafe(self._lost, link)
        link.close()

    def _hand_on(self, said: Said) -> None:
        if talk := self._talks.get(said.number):
            talk.put_nowait(said)

    def _lost(self, link: Connection) -> None:
        """Tell all who wait that the coach is gone; the next order starts another one."""
        if self._link is link:
            self._link = None
            self.let_go()


def _told(said: Said | None) -> bytes | Outcome | Refused:
    if said is None:
        return Refused(problem=GONE.problem, fix=GONE.fix)
    if said.end is None:
        return said.for_page
    assert not isinstance(said.end, About)
    return said.end
