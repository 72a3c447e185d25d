"""What a run gives up before its first line runs: other ends than its own, and more than its limits allow.

Called in the process that will run the learner's code.
"""

from __future__ import annotations

import contextlib
import math
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from convivo.course.runner.program import Limits

MEGABYTE = 1 << 20
WRITABLE = ("/dev/null", "/dev/zero", "/proc/self")  # beside the folder of a run
OWN_FOLDERS = ("HOME", "TMPDIR", "MPLCONFIGDIR", "NUMBA_CACHE_DIR")  # variables that name a place to write to
FILES_OPEN = 128
MOST_OPEN = 1 << 16  # of the warmed process
UNKNOWN_SPACE = 4 << 30  # bytes
PROCESSES = 24  # with threads


@dataclass(frozen=True, slots=True)
class Ends:
    """File descriptors that a run is given."""

    wire: int
    out: int
    err: int


WIRE = 3  # as which the socket is known inside


def take_places(ends: Ends) -> socket.socket:
    """Keep the three ends as 1, 2 and 3, read from nothing, and close whatever else is open."""
    high = [
        os.dup2(end, 200 + place, inheritable=True)
        for place, end in enumerate((ends.out, ends.err, ends.wire))
    ]
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for place, end in enumerate(high, start=1):
        os.dup2(end, place, inheritable=place != WIRE)
    os.closerange(WIRE + 1, MOST_OPEN)
    return socket.socket(fileno=WIRE)


def limit(limits: Limits, *, counted_apart: bool) -> None:
    """The limits that the system itself holds, for this process and those it starts. Windows has none of them.

    `counted_apart` says that the processes of this user are counted in a namespace of its own. Otherwise a limit of
    their number would count all that the person has open, and refuse the first thread.
    """
    if sys.platform == "win32":
        return
    import resource

    most = {
        "CPU": math.ceil(limits.cpu + time.process_time()) + 1,
        "AS": _address_space() + limits.memory * MEGABYTE,
        "FSIZE": limits.files * MEGABYTE,
        "NOFILE": FILES_OPEN,
        "NPROC": PROCESSES + limits.threads,
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
    }
    if not counted_apart:
        del most["NPROC"]
    for name, value in most.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is not None:
            _lower(kind, value)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that grows too large is an error, not the end
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # where memory runs out, this goes first


def use_threads(number: int) -> None:
    """As many threads as the exercise may use."""
    torch = sys.modules.get("torch")
    if torch is not None and number > 1:
        torch.set_num_threads(number)


def outside(folders: Iterable[Path], hidden: Path) -> list[str]:
    """The folders, or where one of them holds what is hidden, all that lies beside it."""
    found: list[str] = []
    for folder in folders:
        if not hidden.is_relative_to(folder):
            found.append(str(folder))
        elif folder != hidden:
            found += outside(folder.iterdir(), hidden)
    return found


def _lower(kind: int, most: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # a system may know it and not hold it
        resource.setrlimit(kind, (most, most))


def _address_space() -> int:
    """What this process has mapped, most of it shared with the warmed one."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * mmap.PAGESIZE
    except OSError:
        return UNKNOWN_SPACE
