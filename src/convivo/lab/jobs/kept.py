"""What is kept of jobs, in SQLite: orders, states, what happened, and notes, alike ones folded into one.

One connection, one caller at a time; write-ahead logging, so that a crash at any moment loses nothing that was told.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from convivo.errors import BadInput, CannotWrite
from convivo.lab.jobs.job import Job
from convivo.work.orders import Order

FORMAT = 1  # raised when the tables change
TABLES = """
create table if not exists jobs (
    id text primary key, number integer not null, asked blob not null, shown blob not null
);
create table if not exists events (
    job text not null, number integer not null, at real not null, told blob not null,
    primary key (job, number)
) without rowid;
create table if not exists notes (
    job text not null, alike text not null, text text not null, image text not null, times integer not null,
    primary key (job, alike)
);
"""


class Happened(msgspec.Struct, frozen=True):
    """Something that happened, as it is kept and sent."""

    number: int  # from 1, in each job
    at: float  # seconds since 1970
    told: msgspec.Raw


class Noted(msgspec.Struct, frozen=True):
    """A note; those that differ in numbers alone are one."""

    text: str  # of the first
    image: str
    times: int


class Kept:
    """The history on disk. Raises CannotWrite where the disk refuses."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        with _in_words():
            self._db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = normal")
            found = self._db.execute("pragma user_version").fetchone()[0]
            if found > FORMAT:
                raise BadInput(
                    f"the list of jobs has format {found}, this convivo reads up to {FORMAT}",
                    fix="update convivo",
                )
            self._db.executescript(TABLES)
            self._db.execute(f"pragma user_version = {FORMAT}")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def add(self, job: Job, order: Order) -> None:
        """Keep a new job, after all others."""
        with self._writing() as db:
            number = db.execute("select coalesce(max(number), 0) + 1 from jobs").fetchone()[0]
            row = (job.id, number, msgspec.json.encode(order), msgspec.json.encode(job))
            db.execute("insert into jobs values (?, ?, ?, ?)", row)

    def last(self, job: Job, order: Order) -> None:
        """Put a job behind all others, with the order it goes on with."""
        with self._writing() as db:
            db.execute(
                "update jobs set number = (select max(number) + 1 from jobs), asked = ?, shown = ? where id = ?",
                (msgspec.json.encode(order), msgspec.json.encode(job), job.id),
            )

    def change(
        self,
        job: Job,
        events: Sequence[tuple[int, float, bytes]] = (),
        notes: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Keep what a job has become, with events (number, time, JSON) and notes (text, image); all or nothing."""
        with self._writing() as db:
            db.execute("update jobs set shown = ? where id = ?", (msgspec.json.encode(job), job.id))
            db.executemany("insert into events values (?, ?, ?, ?)", [(job.id, *event) for event in events])
            db.executemany(
                "insert into notes values (?, ?, ?, ?, 1) on conflict do update set times = times + 1",
                [(job.id, alike(text), text, image) for text, image in notes],
            )

    def remove(self, job: str) -> None:
        """Forget a job."""
        with self._writing() as db:
            for table, column in (("jobs", "id"), ("events", "job"), ("notes", "job")):
                db.execute(f"delete from {table} where {column} = ?", (job,))  # noqa: S608  names of ours

    def all(self) -> list[tuple[Job, Order]]:
        """Every job with its order, in the order of the queue."""
        rows = self._read("select shown, asked from jobs order by number")
        return [
            (msgspec.json.decode(shown, type=Job), msgspec.json.decode(asked, type=Order))
            for shown, asked in rows
        ]

    def events(self, job: str, after: int, most: int) -> list[Happened]:
        """What happened after the event of that number, the oldest first."""
        question = "select number, at, told from events where job = ? and number > ? order by number limit ?"
        return [
            Happened(number, at, msgspec.Raw(told))
            for number, at, told in self._read(question, job, after, most)
        ]

    def notes(self, job: str) -> list[Noted]:
        """All notes of a job, in the order in which they first came."""
        question = "select text, image, times from notes where job = ? order by rowid"
        return [Noted(*row) for row in self._read(question, job)]

    def _read(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock, _in_words():
            return self._db.execute(question, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it, or nothing."""
        with self._lock, _in_words():
            self._db.execute("begin immediate")
            try:
                yield self._db
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise


def alike(text: str) -> str:
    """What notes have in common that differ in numbers alone."""
    return re.sub(r"\d+([.,]\d+)*", "#", text)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CannotWrite(
            f"the list of jobs cannot be kept: {error}",
            fix="make room on the disk of the lab's folder, then try again",
        ) from error
