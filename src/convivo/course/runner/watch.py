"""How much a run takes, all its processes together: what no limit of a single process can hold.

Read from /proc, so on Linux alone. It must cost little, above all where a run has many processes. So memory is counted
from two numbers that the kernel keeps: how much more a process has than the warmed one, and, for those that a run
started itself, how often they were given a page, which bounds what they took of the shared memory for themselves.
"""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20
QUICK = 1.0  # seconds of computing, after which others who want the processor go first
CROWD = 100  # processes, beyond which nobody looks at each: there are too many
PATIENCE = 5  # as `nice` counts it


@dataclass(frozen=True, slots=True)
class Taken:
    """Of a process and all that descend from it."""

    cpu: float  # seconds
    memory: float  # megabytes beyond what is shared with the warmed process
    processes: int = 1  # no more are counted than CROWD


class Watched:
    """A run's first process, and those it started."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._shared: float | None = None

    def taken(self, *, exactly: bool = False) -> Taken:
        """Nothing where it is gone. `exactly` takes some 20 ms a process."""
        if self._shared is None:
            self._shared = _beyond_files(_parent(self._process))
        cpu = memory = 0.0
        waiting = [self._process]
        seen = 0
        while waiting and seen < CROWD:
            each = waiting.pop()
            seen += 1
            try:
                cpu += _seconds(each)
                memory += _own(each) if exactly else self._at_most(each)
                waiting += _children(each)
                if cpu > QUICK:
                    _let_others_go_first(each)
            except (FileNotFoundError, ProcessLookupError, IndexError):
                continue
        return Taken(cpu, memory, seen)

    def _at_most(self, process: int) -> float:
        shared = self._shared or 0.0
        grown = max(_beyond_files(process) - shared, 0.0)
        # what the first takes of the shared memory is bounded by that; what all that it starts take is not
        return grown if process == self._process else grown + min(_given(process), shared)


def process_of(descriptor: int) -> int:
    """The number by which this process sees the one that a pidfd stands for."""
    return int(_field(Path(f"/proc/self/fdinfo/{descriptor}"), "Pid:"))


def _parent(process: int) -> int:
    try:
        return int(_field(Path(f"/proc/{process}/status"), "PPid:"))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _seconds(process: int) -> float:
    """Of its own and of children that ended, for itself and in the system."""
    return sum(map(int, _numbers(process)[11:15])) / os.sysconf("SC_CLK_TCK")


def _given(process: int) -> float:
    """Megabytes of pages that it was given since it began."""
    return int(_numbers(process)[7]) * mmap.PAGESIZE / MEGABYTE


def _numbers(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def _beyond_files(process: int) -> float:
    """Megabytes of memory that are no file's, its own and shared."""
    try:
        return _field(Path(f"/proc/{process}/status"), "RssAnon:") / 1024
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _own(process: int) -> float:
    """Megabytes that it shares with nobody."""
    return _field(Path(f"/proc/{process}/smaps_rollup"), "Private_Dirty:") / 1024


def _let_others_go_first(process: int) -> None:
    for task in Path(f"/proc/{process}/task").iterdir():
        os.setpriority(os.PRIO_PROCESS, int(task.name), PATIENCE)


def _field(path: Path, name: str) -> float:
    for line in path.read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0.0


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task")
    return [int(n) for task in tasks.iterdir() for n in (task / "children").read_text().split()]
