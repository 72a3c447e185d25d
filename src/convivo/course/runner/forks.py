"""Our side of the warmed process: start it, ask it for runs, hear when they end, start it anew where it is gone."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from convivo.course.runner import isolation, launching, watch
from convivo.course.runner.house import LOST, Asked, Begun, Exit
from convivo.course.runner.isolation import Isolation
from convivo.errors import NotAvailable

START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from convivo.course.runner.zygote import main; main(sys.argv[2])"
)
MESSAGE = 1 << 16


class Forked:
    """A child of the warmed process."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.wake = wake
        self.ended: Exit | None = None
        self._descriptor = -1
        self._watched: watch.Watched | None = None
        self._killed = False
        self._lock = threading.Lock()

    def be_born(self, descriptor: int) -> None:
        """It is there; the descriptor stands for it."""
        with self._lock:
            self._descriptor = descriptor
            self._watched = watch.Watched(watch.process_of(descriptor))
            killed = self._killed
        if killed:
            self.kill()

    def end(self, how: Exit) -> None:
        """It is over."""
        with self._lock:
            self.ended = self.ended or how
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
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

    def taken(self, *, exactly: bool = False) -> watch.Taken | None:
        """How much it takes, with all that it started."""
        return self._watched.taken(exactly=exactly) if self._watched else None


class Warmed:
    """One warmed process."""

    def __init__(self, *, apart: bool = True, warm: bool = True) -> None:
        self.apart = False
        self.isolation: Isolation = isolation.open_door("it has not begun")
        self._runs: dict[int, Forked] = {}
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        given = {
            "readable": [str(path) for path in launching.readable()],
            "hidden": str(launching.course()),
            "apart": apart,
            "warm": warm,
        }
        command = [
            sys.executable,
            "-I",
            "-B",
            "-c",
            START,
            json.dumps(launching.imports()),
            json.dumps(given),
        ]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=launching.environment(),
                cwd="/",
            )
        self._first = self._hear()
        if self.alive:
            self.apart = bool(self._first["apart"])
            self.isolation = _described(self._first)
            threading.Thread(target=self._listen, name="runs", daemon=True).start()

    @property
    def refused(self) -> str:
        """Why it could not begin; empty where it did."""
        return "" if "apart" in self._first else "it ended at once"

    @property
    def alive(self) -> bool:
        """Whether it can be asked for runs."""
        return not self.refused and self._process.poll() is None

    def start(self, asked: Asked, wake: Callable[[], None]) -> Begun:
        """Ask for a run; it is born a little later."""
        run = Forked(wake)
        with self._lock:
            self._runs[asked.number] = run
        said = {
            "start": asked.number,
            "limits": asdict(asked.limits),
            "data": str(asked.data.resolve()) if asked.data else None,
            "folder": asked.folder,
        }
        ours, theirs = socket.socketpair()
        out, out_end = os.pipe()
        err, err_end = os.pipe()
        try:
            socket.send_fds(self._control, [json.dumps(said).encode()], [theirs.fileno(), out_end, err_end])
        except OSError:
            self._lost()
        theirs.close()
        os.close(out_end)
        os.close(err_end)
        return Begun(run, ours, out, err)

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
                self._runs.pop(number).end(Exit(said.get("status", LOST), said.get("cpu")))

    def _lost(self) -> None:
        with self._lock:
            runs, self._runs = self._runs, {}
        self._process.kill()
        for run in runs.values():
            run.kill()
            run.end(Exit(-9))


def _described(said: dict[str, Any]) -> Isolation:
    landlock = int(said["landlock"])
    if said["apart"]:
        return isolation.contained(landlock)
    why = f"this system refused a room of its own to a run ({said['because']})"
    return isolation.walled(why, landlock, filters=bool(said["filters"]))


def warmed(*, warm: bool = True) -> Warmed:
    """A warmed process. Raises NotAvailable where it cannot be started."""
    process = Warmed(warm=warm)
    if not process.alive:
        process.close()
        raise NotAvailable(
            "the process that runs learners' code ended before it was ready",
            fix="what it wrote stands above; run convivo doctor, and see whether torch can be imported",
        )
    return process
