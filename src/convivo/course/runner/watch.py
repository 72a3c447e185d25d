"""How much a run takes, all its processes together: what no limit of a single process can hold.

Read from /proc, so on Linux alone. It must cost little, above all where a run has many processes. So memory is counted
from two numbers that the kernel keeps: how much more a process has than the warmed one, and, for those that a run
started itself, how often they were given a page, which bounds what they took of the shared memory for themselves. The
exact number would cost 20 ms a process.
"""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """Of a process and all that descend from it."""

    cpu: float  # seconds
    memory: float  # megabytes beyond what is shared with the warmed process


class Watched:
    """A run's first process, and those it started."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._shared: float | None = None

    def taken(self) -> Taken:
        """Nothing where it is gone."""
        if self._shared is None:
            self._shared = _private_at_birth(self._process)
        cpu, memory = (
            0.0,
            -self._shared,
        )  # new memory of the first is counted by both numbers; its own limit holds it
        waiting = [self._process]
        while waiting:
            each = waiting.pop()
            try:
                used, faults = _time_and_pages(each)
                cpu += used
                memory += max(_private(each) - self._shared, 0.0)
                if each != self._process:
                    memory += min(faults, self._shared)
                waiting += _children(each)
            except (FileNotFoundError, ProcessLookupError, IndexError):
                continue
        return Taken(cpu, memory)


def process_of(descriptor: int) -> int:
    """The number by which this process sees the one that a pidfd stands for."""
    return int(_field(Path(f"/proc/self/fdinfo/{descriptor}"), "Pid:"))


def _private_at_birth(process: int) -> float:
    try:
        parent = int(_field(Path(f"/proc/{process}/status"), "PPid:"))
        return _private(parent)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _time_and_pages(process: int) -> tuple[float, float]:
    """Seconds, its own and of children that ended; megabytes of pages it was given."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK"), int(fields[7]) * mmap.PAGESIZE / MEGABYTE


def _private(process: int) -> float:
    return _field(Path(f"/proc/{process}/status"), "RssAnon:") / 1024


def _field(path: Path, name: str) -> float:
    for line in path.read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0.0


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task")
    return [int(n) for task in tasks.iterdir() for n in (task / "children").read_text().split()]
