"""The worker: a process of its own that knows torch, so that the page is there before torch is.

What takes the worker down (memory, a crash of a library) costs one question: the next one starts a new worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, NamedTuple

from convivo.errors import NotAvailable

if TYPE_CHECKING:
    from pathlib import Path


class Answer(NamedTuple):
    """What the worker says: a status as in HTTP, and a body, packed (200) or a problem as JSON."""

    status: int
    body: bytes


class Worker:
    """Asks the worker process; starts it, and starts it anew where it is gone."""

    def __init__(self, folder: Path, roots: tuple[Path, ...] = ()) -> None:
        self.folder = folder  # of the lab: where dropped images lie
        self.roots = roots  # the folders into which it may look
        self._pool: ProcessPoolExecutor | None = None

    def start(self) -> None:
        """Let torch and the shipped models be loaded behind the page."""
        from convivo.lab.answering import warm_up

        self._running().submit(warm_up)

    async def ask(self, question: str, body: bytes) -> Answer:
        """Ask one question, after those asked before. Raises NotAvailable where the worker died of it."""
        from convivo.lab.answering import answer

        pool = self._running()
        try:
            return Answer(*await asyncio.wrap_future(pool.submit(answer, question, body)))
        except BrokenProcessPool as error:
            self._forget(pool)
            raise NotAvailable(
                f"the process that asks the nets stopped while it answered {question!r}",
                fix="try again; where it happens again, use a smaller image or close other programs",
            ) from error

    def stop(self) -> None:
        """End the process; what it was doing is dropped."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list(pool._processes.values()):  # noqa: SLF001  3.14 has kill_workers for this
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            pool.shutdown(wait=True, cancel_futures=True)

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            from convivo.lab.answering import begin

            self._pool = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), initializer=begin, initargs=(self.folder, self.roots)
            )
        return self._pool

    def _forget(self, broken: ProcessPoolExecutor) -> None:
        if self._pool is broken:
            self._pool = None
        broken.shutdown(wait=False)
