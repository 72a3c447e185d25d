"""How well learners' code is contained on this machine, in words for people who decide whether to run it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Isolation:
    """Level 1 is a boundary that the system holds; level 0 protects from mistakes, not from somebody who wants to."""

    level: Literal[0, 1]
    contains: tuple[str, ...]
    not_contained: tuple[str, ...]
    because: str = ""  # why it is not better


CONTAINED = (
    "files: it sees Python, its libraries and an empty folder of its own; not your files, the lab, checks or solutions",
    "the network: it has none",
    "other programs: it sees and reaches no process but its own, and all of them end with the run",
    "processor, clock, memory, number of processes, size of files and of output: each has a limit",
    "the system: calls that change it or watch other programs are refused",
)
STILL_OPEN = ("flaws of the system's kernel, and what can be learned from how long something takes",)
SIGNALS = 6  # the version of Landlock that keeps signals in
FEW_LIMITS = (
    "processor time, memory of one process, size of files and of output, and the clock: each has a limit",
)
OPEN = (
    "your files: it can read and change what you can",
    "the network",
    "other programs of yours: it can end them",
    "what it starts may outlive it",
)


def contained(landlock: int) -> Isolation:
    """Namespaces, seccomp and, where the kernel has it, Landlock."""
    because = "" if landlock else "this kernel has no Landlock, which would be a second wall around files"
    return Isolation(1, CONTAINED, STILL_OPEN, because)


def walled(because: str, landlock: int, *, filters: bool) -> Isolation:
    """Linux without namespaces: what needs no privilege is still there."""
    contains = [*FEW_LIMITS]
    still = []
    if landlock:
        contains.append(
            "files: it writes into its own folder alone, and reads Python and its libraries alone"
        )
    else:
        still.append("your files: it can read and change what you can")
    if filters:
        contains.append("the network: it has none; calls that watch other programs are refused")
    else:
        still.append("the network")
    still.append(
        "other programs of yours: it can see them" + ("" if landlock >= SIGNALS else ", and end them")
    )
    return Isolation(0, tuple(contains), tuple(still), because)


def open_door(because: str) -> Isolation:
    """A process with limits: no boundary."""
    return Isolation(0, FEW_LIMITS, OPEN, because)
