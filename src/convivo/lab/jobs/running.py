"""The queue: one job after the other, each in a process of its own; what they tell is kept and published.

For one event loop. SQLite is asked in threads. What cannot be kept, because the disk is full, waits in memory and is
tried again with whatever comes next.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import time
from typing import TypeVar

from msgspec.structs import replace

from convivo.errors import BadInput, ConvivoError, NotAvailable
from convivo.io.atomic import output_folder
from convivo.lab.folders import Folders
from convivo.lab.jobs.asked import Ordered
from convivo.lab.jobs.job import Job, State
from convivo.lab.jobs.kept import Happened, Kept, Noted
from convivo.lab.jobs.sitting import Sitting
from convivo.lab.models import Models
from convivo.lab.stream import News
from convivo.work.orders import Order, PredictOrder, SimulateOrder, TrainOrder
from convivo.work.words import in_words

Value = TypeVar("Value")
log = logging.getLogger("convivo.lab")
STATE, CARD = "training.safetensors", "card.json"  # of a training that can go on, of a model that can be used
AGAIN = 5.0  # seconds until something is tried again that could not be kept
LEAVES = 10.0  # seconds that a job has to save what it has when the lab ends


class Jobs:
    """All jobs of a lab."""

    def __init__(self, folder: Path, folders: Folders, models: Models, news: News) -> None:
        self._folder, self._folders, self._models, self._news = folder / "jobs", folders, models, news
        self._jobs: dict[str, tuple[Job, Order]] = {}  # in the order of the queue
        self._kept: Kept | None = None
        self._owner: sqlite3.Connection | None = None  # held by the one lab that runs the jobs of this folder
        self._sitting: Sitting | None = None
        self._closing = False
        self._wake = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Read the list, before the server is there. Raises CannotWrite and BadInput where that is not possible."""
        self._kept = Kept(output_folder(self._folder) / "jobs.sqlite")
        self._owner = _owned(self._folder / "owner")
        self._jobs = {job.id: (job, order) for job, order in self._kept.all()}

    async def begin(self) -> None:
        """Go on with what waits. Where another lab runs the jobs of this folder, the list is only read."""
        if self._owner is None:
            return
        for job, order in list(self._jobs.values()):
            if job.state in (State.running, State.stopping):
                cut = replace(
                    job,
                    state=State.interrupted,
                    ended=time(),
                    now="",
                    left=None,
                    problem="the lab ended while this was running",
                    fix="go on with it",
                )
                await self._become(self._concluded(cut, order))
        self._runner = asyncio.create_task(self._run_all())

    async def end(self) -> None:
        """End: a running job saves what it has, and can go on."""
        self._closing = True
        if self._runner:
            self._runner.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._runner
        if self._owner:
            self._owner.close()
        if self._kept:
            await asyncio.to_thread(self._kept.close)

    def all(self) -> list[Job]:
        """Every job, the newest first."""
        return [job for job, _ in reversed(self._jobs.values())]

    def job(self, name: str) -> Job:
        """One job. Raises BadInput where there is none."""
        return self._found(name)[0]

    def order(self, name: str) -> Order:
        """What was ordered."""
        return self._found(name)[1]

    def folder(self, name: str) -> Path:
        """Where a job keeps its pictures and its log."""
        return self._folder / self.job(name).id

    async def events(self, name: str, after: int, most: int) -> list[Happened]:
        """What happened to a job after the event of that number."""
        return await self._ask(lambda kept: kept.events(self.job(name).id, after, most))

    async def notes(self, name: str) -> list[Noted]:
        """Its notes."""
        return await self._ask(lambda kept: kept.notes(self.job(name).id))

    async def start(self, ordered: Ordered) -> Job:
        """Put an order into the queue."""
        self._refuse_other_lab()
        job = Job(
            id=secrets.token_hex(6),
            kind=str(ordered.order.__struct_config__.tag),
            title=ordered.title,
            state=State.waiting,
            created=time(),
            out=self._folders.place_of(ordered.out) if ordered.out else None,
            folder=str(ordered.out or ""),
        )
        await asyncio.to_thread(output_folder, self._folder / job.id)
        await self._ask(lambda kept: kept.add(job, ordered.order))
        self._jobs[job.id] = (job, ordered.order)
        self._publish(job)
        self._wake.set()
        return job

    async def stop(self, name: str) -> Job:
        """Stop a job: what it has done is kept. Asked again, it ends at once, with what was saved last."""
        self._refuse_other_lab()
        job = self.job(name)
        if job.state is State.waiting:
            return await self._become(replace(job, state=State.stopped, ended=time(), can_go_on=True))
        if self._sitting is None or self._sitting.job.id != job.id:
            raise BadInput("this job is not running", fix="reload the list")
        await self._sitting.stop()
        return self.job(name)

    async def go_on(self, name: str) -> Job:
        """Go on with a job that was interrupted or stopped: a training from its last state, where it has one."""
        self._refuse_other_lab()
        job, order = self._found(name)
        if not job.state.is_over or not job.can_go_on:
            raise BadInput("this job cannot go on", fix="start a new one")
        if isinstance(order, TrainOrder):
            order = replace(order, resume=(Path(order.out) / STATE).is_file())
        if isinstance(order, SimulateOrder) and job.started is not None:
            order = replace(order, resume=True)
        job = replace(job, state=State.waiting, ended=None, problem="", fix="", can_go_on=False, result=None)
        await self._ask(lambda kept: kept.last(job, order))
        del self._jobs[name]
        self._jobs[name] = (job, order)
        self._publish(job)
        self._wake.set()
        return job

    async def remove(self, name: str) -> None:
        """Take a job off the list; its results stay where they are."""
        self._refuse_other_lab()
        job, order = self._found(name)
        if not job.state.is_over and job.state is not State.waiting:
            raise BadInput("this job is running", fix="stop it first")
        del self._jobs[job.id]  # first, so that the queue does not begin it meanwhile
        try:
            await self._ask(lambda kept: kept.remove(job.id))
        except ConvivoError:
            self._jobs[job.id] = (job, order)
            raise
        await asyncio.to_thread(shutil.rmtree, self._folder / job.id, ignore_errors=True)
        self._news.publish("job-removed", {"id": job.id})

    async def _run_all(self) -> None:
        while True:
            waiting = next((each for each in self._jobs.values() if each[0].state is State.waiting), None)
            if waiting is None:
                self._wake.clear()
                await self._wake.wait()
                continue
            try:
                await self._run(*waiting)
            except Exception as error:  # whatever it is costs one job, and not those behind it
                name = waiting[0].id
                log.exception("job %s", name)
                if name in self._jobs:
                    await self._become(_unforeseen(self.job(name), error))

    async def _run(self, job: Job, order: Order) -> None:
        job = replace(job, state=State.running, started=time(), ended=None, progress=None, left=None)
        self._sitting = Sitting(job, order, self._folder / job.id, self._keep)
        await self._become(job)
        try:
            await self._sitting.to_its_end(LEAVES)
        finally:
            sitting, self._sitting = self._sitting, None
            await asyncio.shield(self._keep_end(self._concluded(sitting.job, order), *sitting.not_kept()))

    def _concluded(self, job: Job, order: Order) -> Job:
        """With what there is to see and to go on with."""
        out = Path(order.out or "")
        job = replace(job, can_go_on=_can_go_on(job, order))
        if isinstance(order, TrainOrder) and (out / CARD).is_file():
            job = replace(job, model=self._models.name_of(out))
        return job

    async def _keep(
        self, job: Job, events: list[tuple[int, float, bytes]], notes: list[tuple[str, str]]
    ) -> bool:
        """Keep what a sitting has told; whether it is kept."""
        if job.id not in self._jobs:  # taken off the list
            return True
        self._jobs[job.id] = (job, self._jobs[job.id][1])
        self._publish(job)
        try:
            await self._ask(lambda kept: kept.change(job, events, notes))
        except ConvivoError as error:
            log.warning("%s", error.problem)
            return False
        return True

    async def _keep_end(
        self, job: Job, events: list[tuple[int, float, bytes]], notes: list[tuple[str, str]]
    ) -> None:
        """Keep how a job has ended; where the disk is full, try again until there is room."""
        while not await self._keep(job, events, notes) and not self._closing:
            await asyncio.sleep(AGAIN)

    async def _become(self, job: Job) -> Job:
        """A job in a new state; where that cannot be kept, it is at least told."""
        await self._keep(job, [], [])
        return job

    def _publish(self, job: Job) -> None:
        self._news.publish("job", job)

    def _found(self, name: str) -> tuple[Job, Order]:
        if name not in self._jobs:
            raise BadInput(f"there is no job {name[:40]!r}", fix="reload the list")
        return self._jobs[name]

    async def _ask(self, question: Callable[[Kept], Value]) -> Value:
        assert self._kept is not None
        return await asyncio.to_thread(question, self._kept)

    def _refuse_other_lab(self) -> None:
        if self._owner is None:
            raise NotAvailable(
                "another lab is open on this machine, and runs the jobs",
                fix="use its page; or end it, and start this one again",
            )


def _can_go_on(job: Job, order: Order) -> bool:
    if job.state not in (State.interrupted, State.stopped, State.failed):
        return False
    if isinstance(order, TrainOrder):
        out = Path(order.out)
        return (out / STATE).is_file() or not (out / CARD).is_file()
    return isinstance(order, PredictOrder) or job.state is not State.failed


def _unforeseen(job: Job, error: Exception) -> Job:
    return replace(
        job,
        state=State.failed,
        ended=time(),
        left=None,
        now="",
        problem=in_words(error).problem,
        fix="try again; where it happens again, report it with what the terminal prints",
    )


def _owned(path: Path) -> sqlite3.Connection | None:
    """A lock that the system takes away from whoever dies; nothing where somebody else holds it."""
    lock = sqlite3.connect(path, timeout=0.2, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("begin exclusive")
    except sqlite3.OperationalError:
        lock.close()
        return None
    return lock
