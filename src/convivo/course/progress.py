"""How far a learner has come: answers, drafts of code, checks passed, lessons read. Kept in one file on this machine.

Nothing of it is sent anywhere. It can be exported as JSON and deleted.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Annotated, Any

import msgspec

from convivo.errors import BadInput, CannotWrite

FORMAT = 1  # raised when the tables change
TABLES = """
create table if not exists answers (
    page text not null, question text not null, chosen integer not null, right integer not null, at real not null,
    primary key (page, question)
);
create table if not exists drafts (
    exercise text not null, rung text not null, source text not null, at real not null,
    primary key (exercise, rung)
);
create table if not exists checks (
    exercise text not null, rung text not null, name text not null, at real not null,
    primary key (exercise, rung, name)
);
create table if not exists rungs (
    exercise text not null, rung text not null, at real not null, primary key (exercise, rung)
);
create table if not exists lessons (lesson text not null primary key, at real not null);
"""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to a question: a prediction that was committed to, or one of a ConcepTest."""

    page: str  # name of the lesson, or "exercise/" and the name of the exercise
    question: str
    chosen: Annotated[int, msgspec.Meta(ge=0, le=99)]  # number of the option
    right: bool
    at: float = 0.0  # seconds since 1970


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What the learner wrote on a rung, or the order of lines that she laid."""

    exercise: str
    rung: str
    source: str
    at: float = 0.0


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """A check that was passed."""

    exercise: str
    rung: str
    name: str
    at: float = 0.0


class Climbed(msgspec.Struct, frozen=True, kw_only=True):
    """A rung that is done: its question answered, or all checks passed at once."""

    exercise: str
    rung: str
    at: float = 0.0


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson that was read to its end."""

    lesson: str
    at: float = 0.0


class Everything(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept, as it is exported."""

    format: int
    answers: tuple[Answered, ...]
    drafts: tuple[Draft, ...]
    checks: tuple[Passed, ...]
    rungs: tuple[Climbed, ...]
    lessons: tuple[Read, ...]


Entry = Answered | Draft | Passed | Climbed | Read

_TABLE_OF: dict[type[Entry], str] = {
    Answered: "answers",
    Draft: "drafts",
    Passed: "checks",
    Climbed: "rungs",
    Read: "lessons",
}


class Progress:
    """The file. Several threads may ask. Raises CannotWrite where the disk refuses."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        with _in_words():
            self._db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = normal")
            self._db.execute("pragma secure_delete = on")  # what is deleted is gone from the file too
            found = self._db.execute("pragma user_version").fetchone()[0]
            if found > FORMAT:
                raise BadInput(
                    f"the progress of the course has format {found}, this convivo reads up to {FORMAT}",
                    fix="update convivo",
                )
            self._db.executescript(TABLES)
            self._db.execute(f"pragma user_version = {FORMAT}")

    def keep(self, *entries: Entry) -> None:
        """Keep what happened, in place of what was kept of the same thing; all or nothing."""
        now = time.time()
        with self._lock, _in_words():
            self._db.execute("begin immediate")
            try:
                for entry in entries:
                    row = msgspec.structs.asdict(entry) | {"at": now}
                    names, marks = ", ".join(row), ", ".join("?" * len(row))
                    into = f"insert or replace into {_TABLE_OF[type(entry)]} ({names}) values ({marks})"  # noqa: S608
                    self._db.execute(into, tuple(row.values()))
                self._db.execute("commit")
            except BaseException:
                self._db.execute("rollback")
                raise

    def forget_draft(self, exercise: str, rung: str) -> None:
        """Forget what was written on a rung."""
        with self._lock, _in_words():
            self._db.execute("delete from drafts where exercise = ? and rung = ?", (exercise, rung))

    def everything(self) -> Everything:
        """All that is kept, each kind in the order in which it happened."""
        return Everything(
            format=FORMAT,
            answers=tuple(self._all(Answered)),
            drafts=tuple(self._all(Draft)),
            checks=tuple(self._all(Passed)),
            rungs=tuple(self._all(Climbed)),
            lessons=tuple(self._all(Read)),
        )

    def forget_all(self) -> None:
        """Delete everything, also from the file."""
        with self._lock, _in_words():
            for table in _TABLE_OF.values():
                self._db.execute(f"delete from {table}")  # noqa: S608  names of ours
            self._db.execute("pragma wal_checkpoint(truncate)")
            self._db.execute("vacuum")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _all(self, kind: type[Any]) -> Iterator[Any]:
        names = kind.__struct_fields__
        with self._lock, _in_words():
            rows = self._db.execute(
                f"select {', '.join(names)} from {_TABLE_OF[kind]} order by at, rowid"  # noqa: S608
            ).fetchall()
        for row in rows:
            yield msgspec.convert(dict(zip(names, row, strict=True)), kind, strict=False)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CannotWrite(
            f"the progress of the course cannot be kept: {error}",
            fix="make room on the disk of the lab's folder, then try again",
        ) from error
