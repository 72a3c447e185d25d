"""Our side of the warmed process: start it, ask it for runs, hear when they end, start it anew where it is gone."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import convivo
from convivo.course.runner import isolation, watch
from convivo.course.runner.isolation import Isolation
from convivo.course.runner.linux.rooms import OWN
from convivo.course.runner.program import Limits
from convivo.errors import NotAvailable

START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from convivo.course.runner.zygote import main; main(sys.argv[2])"
)
MESSAGE = 1 << 16


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended."""

    code: int  # negative: the signal that ended it
    cpu: float | None = None  # seconds


class Process(Protocol):
    """A run's process, as those know it who watch it."""

    def kill(self) -> None:
        """End it and all that it started."""

    def exit(self) -> Exit | None:
        """How it ended, or None while it lives."""

    def taken(self) -> watch.Taken | None:
        """How much it takes, where that can be known."""


class Forked:
    """A child of the warmed process."""

    def __init__(self, number: int, wake: Callable[[], None]) -> None:
        self.number = number
        self.wake = wake
        self.born = threading.Event()
        self.ended: Exit | None = None
        self._descriptor = -1
        self._process = 0
        self._killed = False
        self._lock = threading.Lock()

    def be_born(self, descriptor: int) -> None:
        """It is there; the descriptor stands for it."""
        with self._lock:
            self._descriptor = descriptor
            self._process = watch.process_of(descriptor)
            killed = self._killed
        self.born.set()
        if killed:
            self.kill()

    def end(self, how: Exit) -> None:
        """It is over."""
        with self._lock:
            self.ended = self.ended or how
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
        self.born.set()
        self.wake()

    def kill(self) -> None:
        """End it and all that it started, also where it is not born yet."""
        with self._lock:
            self._killed = True
            if self._descriptor >= 0:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def exit(self) -> Exit | None:
        """How it ended, or None while it lives."""
        return self.ended

    def taken(self) -> watch.Taken | None:
        """How much it takes, with all that it started."""
        return watch.taken(self._process) if self._process else None


class Warmed:
    """One warmed process."""

    def __init__(self, *, apart: bool) -> None:
        self.apart = apart
        self.isolation: Isolation | None = None
        self._runs: dict[int, Forked] = {}
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        given = {"readable": [str(path) for path in readable()], "hidden": str(_course()), "contained": apart}
        command = [sys.executable, "-I", "-B", "-c", START, json.dumps(_imports()), json.dumps(given)]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=environment(), cwd="/"
            )
        self._first = self._hear()
        if self.alive:
            self.isolation = self._described(self._first)
            threading.Thread(target=self._listen, name="runs", daemon=True).start()

    @property
    def refused(self) -> str:
        """Why it could not begin; empty where it did."""
        return "" if "warm" in self._first else str(self._first.get("refused", "it ended at once"))

    @property
    def alive(self) -> bool:
        """Whether it can be asked for runs."""
        return not self.refused and self._process.poll() is None

    def start(
        self, number: int, asked: dict[str, Any], ends: tuple[int, int, int], wake: Callable[[], None]
    ) -> Forked:
        """Ask for a run with the ends of its socket and pipes; it is born a little later."""
        run = Forked(number, wake)
        with self._lock:
            self._runs[number] = run
        said = json.dumps({"start": number, **asked}).encode()
        try:
            socket.send_fds(self._control, [said], list(ends))
        except OSError:
            self._lost()
        return run

    def close(self) -> None:
        """End it, and every run of it."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()

    def explain(self, because: str) -> None:
        """Say why it is not contained better."""
        if self.isolation is not None:
            self.isolation = replace(self.isolation, because=because)

    def _hear(self) -> dict[str, Any]:
        data, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
        if not data:
            return {}
        said: dict[str, Any] = json.loads(data)
        said["descriptors"] = descriptors
        return said

    def _listen(self) -> None:
        while True:
            try:
                said = self._hear()
            except OSError:
                said = {}
            if not said:
                self._lost()
                return
            if "started" in said:
                self._runs[said["started"]].be_born(said["descriptors"][0])
            else:
                number = said["ended"] if "ended" in said else said["unborn"]
                self._runs.pop(number).end(Exit(said.get("status", 97), said.get("cpu")))

    def _lost(self) -> None:
        with self._lock:
            runs, self._runs = self._runs, {}
        self._process.kill()
        for run in runs.values():
            run.kill()
            run.end(Exit(-9))

    def _described(self, said: dict[str, Any]) -> Isolation:
        landlock = int(said["landlock"])
        return isolation.contained(landlock) if self.apart else isolation.walled("", landlock)


def warmed() -> Warmed:
    """A warmed process in a namespace of its own, or, where the system forbids that, without."""
    best = Warmed(apart=True)
    if best.alive:
        return best
    why = best.refused
    best.close()
    next_best = Warmed(apart=False)
    if not next_best.alive:
        raise NotAvailable(
            f"the process that runs learners' code did not start: {next_best.refused.strip().splitlines()[-1]}",
            fix="run convivo doctor, and see whether torch can be imported",
        )
    next_best.explain(f"this system refused a namespace of its own ({why})")
    return next_best


def readable() -> tuple[Path, ...]:
    """What a run may read: Python, its libraries, and this package."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix)}
    parts = [prefix / part for prefix in sorted(prefixes) for part in ("bin", "lib", "lib64", "pyvenv.cfg")]
    libraries = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return (*(path for path in dict.fromkeys([*parts, *libraries]) if path.exists()), _package())


def environment() -> dict[str, str]:
    """All that a run finds in its environment."""
    one = {
        f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM")
    }
    return one | {
        "HOME": OWN,
        "TMPDIR": OWN,
        "MPLCONFIGDIR": OWN + "/.matplotlib",
        "NUMBA_CACHE_DIR": OWN + "/.numba",
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "OMP_WAIT_POLICY": "passive",
        "MALLOC_ARENA_MAX": "2",
    }


def limits_asked(limits: Limits) -> dict[str, Any]:
    """As the warmed process is told them."""
    return asdict(limits)


def _imports() -> list[str]:
    """Where Python looks for modules: not the folder we were started in, nor what stands in PYTHONPATH."""
    libraries = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    inside = [
        path for path in sys.path if path.startswith((sys.prefix, sys.base_prefix)) or path.endswith(".zip")
    ]
    return list(dict.fromkeys([str(_package().parent), *inside, *libraries]))


def _package() -> Path:
    return Path(convivo.__file__).resolve().parent


def _course() -> Path:
    return Path(__file__).resolve().parents[1]
