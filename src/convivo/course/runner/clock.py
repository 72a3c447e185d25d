"""The limits of a run that are held by looking: the clock, and what all its processes together take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from convivo.course.runner.confine import PROCESSES
from convivo.course.runner.program import Limits, Reason
from convivo.course.runner.watch import Taken

WATCHED = 0.2  # seconds between two looks at processor and memory
ROOM = 64  # megabytes beyond the limit for all processes together, so that a single one meets its own limit first
IDLE = 300.0  # seconds after which a run is ended that nobody asks anything


class Clock:
    """The limits that are held by looking: the clock, and processor and memory of all processes together."""

    def __init__(self, limits: Limits, begun: float) -> None:
        self._limits = limits
        self._left = limits.wall
        self._since: float | None = begun
        self._until = begun + limits.wall
        self._looked = begun

    def work(self, seconds: float) -> None:
        """It was asked something, and may take so long."""
        now = time.monotonic()
        self._since, self._until = now, now + min(seconds, self._left)

    def rest(self) -> None:
        """It answered; waiting for us is not its fault."""
        now = time.monotonic()
        if self._since is not None:
            self._left -= now - self._since
            self._until = now + IDLE
        self._since = None

    def beyond(self, taken: Callable[[], Taken | None]) -> Reason | Literal["crowd"] | None:
        """Which limit is passed, if one is."""
        now = time.monotonic()
        if now > self._until:
            return "wall" if self._since is not None else "stopped"
        if now - self._looked < WATCHED:
            return None
        self._looked = now
        used = taken()
        if used is None:
            return None
        if used.cpu > self._limits.cpu:
            return "cpu"
        if used.processes > PROCESSES + self._limits.threads:
            return "crowd"
        return "memory" if used.memory > self._limits.memory + ROOM else None
