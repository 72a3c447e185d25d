"""Where there is no warmed process (macOS, Windows): each run is a Python of its own, with what limits there are.

This is no boundary, and `isolation` says so. Forking a process that holds torch is not safe on macOS and not there on
Windows, so each run imports torch anew, which takes seconds. It talks over a connection within this machine, which
begins with a word that only its run was told. Tried on Linux alone.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict

import psutil

from convivo.course.runner import isolation, launching
from convivo.course.runner.house import Asked, Begun, Exit
from convivo.course.runner.isolation import Isolation
from convivo.course.runner.watch import MEGABYTE, Taken
from convivo.errors import NotAvailable

START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from convivo.course.runner.alone_inside import main; main(json.loads(sys.stdin.readline()))"
)
PATIENCE = 60.0  # seconds until it must have called


class Process:
    """A run that is a Python of its own."""

    def __init__(self, popen: subprocess.Popen[bytes], wake: Callable[[], None]) -> None:
        self._popen = popen
        self._seen = psutil.Process(popen.pid)
        self._before = self._all()
        threading.Thread(target=self._wait, args=(wake,), daemon=True).start()

    def kill(self) -> None:
        """End it, and what it started and did not let go of."""
        with contextlib.suppress(psutil.Error):
            for each in self._seen.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    each.kill()
        self._popen.kill()

    def exit(self) -> Exit | None:
        """How it ended, or None while it lives."""
        code = self._popen.poll()
        return None if code is None else Exit(code)

    def taken(self, *, exactly: bool = False) -> Taken | None:
        """How much it takes beyond what it took when it called."""
        now = self._all()
        return Taken(now.cpu - self._before.cpu, now.memory - self._before.memory, now.processes)

    def _all(self) -> Taken:
        cpu = memory = 0.0
        count = 1
        with contextlib.suppress(psutil.Error):
            everyone = (self._seen, *self._seen.children(recursive=True))
            count = len(everyone)
            for each in everyone:
                with contextlib.suppress(psutil.Error):
                    times = each.cpu_times()
                    cpu += times.user + times.system
                    memory += each.memory_info().rss / MEGABYTE
        return Taken(cpu, memory, count)

    def _wait(self, wake: Callable[[], None]) -> None:
        self._popen.wait()
        wake()


class Alone:
    """Starts a Python for each run."""

    def __init__(self) -> None:
        self.alive = True
        self.apart = False
        self.isolation: Isolation = isolation.open_door(
            f"{sys.platform} has none of the means by which Linux contains a program"
        )
        self._runs: set[Process] = set()

    def start(self, asked: Asked, wake: Callable[[], None]) -> Begun:
        """Start one, and wait until it calls. Raises NotAvailable where it does not."""
        word = secrets.token_hex(16)
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(PATIENCE)
            popen = subprocess.Popen(  # noqa: S603  our own interpreter
                [sys.executable, "-I", "-B", "-c", START, json.dumps(launching.imports())],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=launching.environment() | launching.needed_by_the_system(),
                cwd=asked.folder,
            )
            _tell(popen, asked, word, server.getsockname()[1])
            try:
                wire = _called(server, word)
            except OSError as error:
                popen.kill()
                popen.wait()
                raise NotAvailable("a run did not begin", fix="run convivo doctor") from error
        run = Process(popen, wake)
        self._runs.add(run)
        return Begun(run, wire, None, None)

    def close(self) -> None:
        """End all runs."""
        for run in self._runs:
            run.kill()


def _tell(popen: subprocess.Popen[bytes], asked: Asked, word: str, port: int) -> None:
    told = {
        "word": word,
        "port": port,
        "limits": asdict(asked.limits),
        "data": str(asked.data.resolve()) if asked.data else None,
        "folder": asked.folder,
    }
    if popen.stdin is not None:
        with popen.stdin:
            popen.stdin.write(json.dumps(told).encode() + b"\n")


def _called(server: socket.socket, word: str) -> socket.socket:
    """The connection of who knows the word; others of this machine are sent away."""
    while True:
        wire, _ = server.accept()
        wire.settimeout(PATIENCE)
        if secrets.compare_digest(wire.recv(len(word), socket.MSG_WAITALL), word.encode()):
            return wire
        wire.close()
