"""What a run gives up before its first line runs: other ends than its own, and more than its limits allow.

Called in the process that will run the learner's code.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from convivo.course.runner.program import Limits

MEGABYTE = 1 << 20
FILES_OPEN = 128
PROCESSES = 48  # with threads


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
    os.closerange(WIRE + 1, _most_open())
    return socket.socket(fileno=WIRE)


def limit(limits: Limits) -> None:
    """The limits that the system itself holds, for this process and those it starts."""
    seconds = max(math.ceil(limits.cpu), 1) + 1
    space = _address_space() + limits.memory * MEGABYTE
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_FSIZE, limits.files * MEGABYTE),
        (resource.RLIMIT_NOFILE, FILES_OPEN),
        (resource.RLIMIT_CORE, 0),
        (getattr(resource, "RLIMIT_NPROC", None), PROCESSES + limits.threads),
        (getattr(resource, "RLIMIT_MEMLOCK", None), 0),
        (getattr(resource, "RLIMIT_MSGQUEUE", None), 0),
    ):
        if kind is not None:
            _lower(kind, most)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that grows too large is an error, not the end
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # where memory runs out, this goes first


def use_threads(number: int) -> None:
    """As many threads as the exercise may use."""
    torch = sys.modules.get("torch")
    if torch is not None and number > 1:
        torch.set_num_threads(number)


def _lower(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # a system may not know it
        resource.setrlimit(kind, (most, most))


def _address_space() -> int:
    """What this process has mapped, most of it shared with the warmed one."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 4 << 30


def _most_open() -> int:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 1 << 16 if most == resource.RLIM_INFINITY else min(most, 1 << 20)
