"""Where runs live, as those know it who start and watch them: in a warmed process, or each in one of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from convivo.course.runner.isolation import Isolation
from convivo.course.runner.program import Limits
from convivo.course.runner.watch import Taken

LOST = 98  # the code of a run that was never born
CANNOT_BEGIN = 97  # of one that could not close its doors


@dataclass(frozen=True, slots=True)
class Asked:
    """A run as it is asked for; its program is told to it alone, over its socket."""

    number: int
    limits: Limits
    data: Path | None
    folder: str | None  # in which it works, where it has no room of its own


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended."""

    code: int  # negative: the signal that ended it
    cpu: float | None = None  # seconds


class Process(Protocol):
    """A run's process."""

    def kill(self) -> None:
        """End it and all that it started."""

    def exit(self) -> Exit | None:
        """How it ended, or None while it lives."""

    def taken(self, *, exactly: bool = False) -> Taken | None:
        """How much it takes, where that can be known; `exactly` is for who asks seldom."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A process, and our ends of what it talks through."""

    process: Process
    wire: socket.socket
    out: int | None
    err: int | None


class House(Protocol):
    """Starts runs."""

    @property
    def alive(self) -> bool:
        """Whether it can be asked for runs."""

    @property
    def isolation(self) -> Isolation:
        """How well runs are contained in it."""

    @property
    def apart(self) -> bool:
        """Whether a run gets a room of its own, with a folder in it."""

    def start(self, asked: Asked, wake: Callable[[], None]) -> Begun:
        """Start a run; `wake` is called when it has ended. Raises ConvivoError or OSError."""

    def close(self) -> None:
        """End it, and every run in it."""
