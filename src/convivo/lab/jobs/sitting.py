"""One process of a job from its start to its end, seen from the server."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import time

import msgspec
from msgspec.structs import replace

from convivo.lab.jobs.job import Job, State, after
from convivo.lab.jobs.told import Ended, Errand, Progress, Told
from convivo.work.events import ImageBegun, ImageDone, Note
from convivo.work.orders import Order

EVERY = 0.25  # seconds between two times that what was told is kept and published
LONGEST = 256_000_000  # bytes of a line: all findings of a large data set
LOG = "log.txt"
STOP = b"stop\n"
Keep = Callable[[Job, list[tuple[int, float, bytes]], list[tuple[str, str]]], Awaitable[bool]]


class Sitting:
    """Starts the process, hears it, and knows at the end what has become of the job."""

    def __init__(self, job: Job, order: Order, folder: Path, keep: Keep) -> None:
        self.job = job
        self._order, self._folder, self._keep = order, folder, keep
        self._process: Process | None = None
        self._events: list[tuple[int, float, bytes]] = []
        self._notes: list[tuple[str, str]] = []
        self._changed = True
        self._ended: Ended | None = None
        self._stopped_early = False  # before there was a process
        self._leaving = False  # the lab ends
        self._keeping = asyncio.Lock()  # in the order in which it was told

    async def to_its_end(self, leaves: float) -> Job:
        """The job when its process is gone. Where this is cancelled, the process has so many seconds to save."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / LOG).open("ab") as log:
                self._process = await _started(log.fileno())
        except OSError as error:
            return self._over(
                State.failed,
                f"no process could be started: {error.strerror}",
                "make room on the disk of the lab's folder, and try again",
            )
        keeper = asyncio.create_task(self._keep_now_and_then())
        try:
            await self._hear(self._process)
        except asyncio.CancelledError:
            self._leaving = True
            await asyncio.shield(self._left(self._process, leaves))
            raise
        finally:
            if self._process.returncode is None:  # it said something that nobody understands
                self._process.kill()
                await self._process.wait()
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
            async with self._keeping:  # what is being kept is older than what comes now
                self._conclude(self._process.returncode)
        return self.job

    def not_kept(self) -> tuple[list[tuple[int, float, bytes]], list[tuple[str, str]]]:
        """Events and notes of the end, to be kept together with what has become of the job."""
        return self._events, self._notes

    async def stop(self) -> None:
        """Ask it to stop; asked twice, at once."""
        process = self._process
        if process is not None and process.returncode is not None:
            return
        self.job = replace(self.job, state=State.stopping)
        self._changed = True
        if process is None:
            self._stopped_early = True
        else:
            await _write(process, STOP)
        await self._keep_all()

    async def _hear(self, process: Process) -> None:
        assert process.stdout is not None
        errand = msgspec.json.encode(Errand(self._order, str(self._folder))) + b"\n"
        await _write(process, errand + STOP if self._stopped_early else errand)
        async for line in process.stdout:
            self._heard(line)
        await process.wait()

    async def _left(self, process: Process, seconds: float) -> None:
        """Let the process know that nobody listens any more, and wait until it has saved."""
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            process.kill()
            await process.wait()

    def _heard(self, line: bytes) -> None:
        told = msgspec.json.decode(line, type=Told)
        now = time()
        self.job = after(self.job, told, now)
        self._changed = True
        if isinstance(told, Ended):
            self._ended = told
        if isinstance(told, Note):
            self._notes.append((told.text, told.image))
        elif not isinstance(told, Progress | ImageBegun | Ended):
            self.job = replace(self.job, last_event=self.job.last_event + 1)
            self._events.append((self.job.last_event, now, line.rstrip()))
        if isinstance(told, ImageDone):
            self._notes += [(note, told.image) for note in told.notes]

    async def _keep_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            if self._changed:
                await asyncio.shield(self._keep_all())

    async def _keep_all(self) -> None:
        """Keep and publish what is new; what cannot be kept is tried again next time."""
        async with self._keeping:
            events, notes, self._changed = self._events, self._notes, False
            self._events, self._notes = [], []
            if not await self._keep(self.job, events, notes):
                self._events, self._notes = events + self._events, notes + self._notes

    def _conclude(self, code: int | None) -> None:
        """What has become of it."""
        if self.job.problem:
            self._over(State.failed, self.job.problem, self.job.fix)
        elif self._ended:
            self._over(State.stopped if self._ended.stopped else State.done)
        elif self._leaving:
            self._over(State.interrupted, "the lab ended while this was running", "go on with it")
        elif code is not None and code < 0:
            self._over(
                State.interrupted,
                f"the process of this job was ended from outside ({signal.Signals(-code).name}); "
                "where nobody did that, the memory ran out",
                "close other programs, and go on with it",
            )
        else:
            self._over(
                State.failed,
                f"the process of this job ended without a word (code {code}): {_last_line(self._folder / LOG)}",
                "try again; where it happens again, report it with the log of the job",
            )

    def _over(self, state: State, problem: str = "", fix: str = "") -> Job:
        self.job = replace(self.job, state=state, problem=problem, fix=fix, ended=time(), left=None, now="")
        return self.job


async def _started(log: int) -> Process:
    """A process that Ctrl-C in the lab's terminal does not reach: it hears of the end by its input."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "convivo.lab.jobs.process",
        stdin=PIPE,
        stdout=PIPE,
        stderr=log,
        limit=LONGEST,
        start_new_session=True,
    )


async def _write(process: Process, text: bytes) -> None:
    """Tell the process something; where it is gone, nobody hears."""
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):
        process.stdin.write(text)
        await process.stdin.drain()


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").split("\n") if path.is_file() else []
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "its log is empty")
