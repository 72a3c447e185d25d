"""How much a run takes, all its processes together: what no limit of a single process can hold.

Read from /proc, so on Linux alone; elsewhere nothing is known and nothing is claimed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Taken:
    """Of a process and all that descend from it."""

    cpu: float  # seconds
    memory: float  # megabytes of its own; of what it shares with the warmed process, its share


def taken(process: int) -> Taken:
    """Nothing where it is gone."""
    cpu, memory = 0.0, 0.0
    waiting = [process]
    while waiting:
        each = waiting.pop()
        try:
            cpu += _cpu(each)
            memory += _memory(each)
            waiting += _children(each)
        except (FileNotFoundError, ProcessLookupError, IndexError):
            continue
    return Taken(cpu, memory)


def process_of(descriptor: int) -> int:
    """The number by which this process sees the one that a pidfd stands for."""
    for line in Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return 0


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")  # own and of children that ended


def _memory(process: int) -> float:
    try:
        return _field(Path(f"/proc/{process}/smaps_rollup").read_text(), "Pss_Anon:")
    except PermissionError:  # a program may forbid to look closely; then all that it sees counts as its own
        return _field(Path(f"/proc/{process}/status").read_text(), "RssAnon:")


def _field(text: str, name: str) -> float:
    for line in text.splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return 0.0


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task")
    return [int(n) for task in tasks.iterdir() for n in (task / "children").read_text().split()]
