"""The warmed process: it has imported and used everything, and forks itself for each run.

It knows no secret: its environment is empty, checks, solutions and folders of the lab are not in its memory, programs
and values reach a run over a socket that it never reads. It is told what to start over one socket:

    us -> it    {"start": 7, "limits": {...}, "data": "/…"} with the file descriptors of the run's ends
    it -> us    {"started": 7} with a descriptor of the process, later {"ended": 7, "status": 9, "cpu": 1.2}

Where the socket closes it ends, and with it every run.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from convivo.course.runner import confine, figures, inside, warming
from convivo.course.runner.linux import calls, filters, rooms
from convivo.course.runner.program import Limits

MESSAGE = 1 << 16
CANNOT_BEGIN = 97  # a run that could not close its doors


@dataclass(frozen=True, slots=True)
class Setting:
    """What it is started with."""

    readable: tuple[rooms.Bound, ...]
    hidden: Path
    contained: bool


def main(given: str) -> None:
    """Enter, warm, serve. `given` is JSON; standard input is the socket."""
    told = json.loads(given)
    control = socket.socket(fileno=os.dup(0))
    bounds = tuple(rooms.Bound(Path(path), Path(path).resolve()) for path in told["readable"])
    setting = Setting(bounds, Path(told["hidden"]), told["contained"])
    os.set_inheritable(control.fileno(), False)
    sys.stdout, sys.stderr = inside.OUT, inside.ERR
    if not setting.contained:
        _serve(control, None)
        return
    as_root = os.geteuid() == 0
    try:
        rooms.leave()
        entered = rooms.enter(setting.readable, setting.hidden, as_root=as_root)
    except OSError as error:
        _say(control, {"refused": str(error)})
        os._exit(0)
    _serve(control, entered)
    os._exit(0)


def _serve(control: socket.socket, entered: rooms.Entered | None) -> None:
    try:
        warming.warm()
    except Exception:  # noqa: BLE001  told to those who started us
        _say(control, {"refused": traceback.format_exc()[-2000:]})
        return
    _say(control, {"warm": os.getpid(), "landlock": filters.landlock_version()})
    Nursery(control, entered).serve()


class Nursery:
    """Forks runs and says when they end."""

    def __init__(self, control: socket.socket, entered: rooms.Entered | None) -> None:
        self._control = control
        self._entered = entered
        self._runs: dict[int, tuple[int, int]] = {}  # descriptor: (process, number of the run)
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Until nobody is there any more."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor != self._control.fileno():
                    self._bury(descriptor)
                elif not self._ask():
                    return

    def _ask(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 3)
        if not data:
            return False
        asked = json.loads(data)
        self._bear(asked, confine.Ends(*descriptors))
        for descriptor in descriptors:
            os.close(descriptor)
        return True

    def _bear(self, asked: dict[str, Any], ends: confine.Ends) -> None:
        number = asked["start"]
        try:
            child = rooms.fork_apart(self._entered) if self._entered else os.fork()
        except OSError as error:
            _say(self._control, {"unborn": number, "why": str(error)})
            return
        if child == 0:
            _grow_up(asked, ends, self._entered)
        descriptor = os.pidfd_open(child)
        self._runs[descriptor] = (child, number)
        self._poll.register(descriptor, select.POLLIN)
        socket.send_fds(self._control, [json.dumps({"started": number}).encode()], [descriptor])

    def _bury(self, descriptor: int) -> None:
        child, number = self._runs.pop(descriptor)
        self._poll.unregister(descriptor)
        if self._entered is None:
            _end_group(child)
        _, status, used = os.wait4(child, 0)
        os.close(descriptor)
        cpu = used.ru_utime + used.ru_stime
        _say(self._control, {"ended": number, "status": os.waitstatus_to_exitcode(status), "cpu": cpu})


def _grow_up(asked: dict[str, Any], ends: confine.Ends, entered: rooms.Entered | None) -> NoReturn:
    """In the run's own process: close the doors, then live."""
    code = CANNOT_BEGIN
    try:
        limits = Limits(**asked["limits"])
        if entered is not None:
            rooms.close_in(entered, files=limits.files, data=asked["data"])
        else:
            os.setsid()
            os.chdir(asked["folder"])
        end = confine.take_places(ends)
        confine.use_threads(limits.threads)
        confine.limit(limits)
        _wall(asked, apart=entered is not None)
        if asked["data"] is not None:
            os.environ["CONVIVO_DATA"] = rooms.DATA if entered is not None else asked["data"]
        inside.live(end)
        code = 0
    except BaseException:  # noqa: BLE001  whatever it is, this process goes no further than here
        os.write(2, traceback.format_exc().encode()[-2000:])
    finally:
        os._exit(code)


def _wall(asked: dict[str, Any], *, apart: bool) -> None:
    """Landlock and seccomp, on top of namespaces or in their place."""
    if filters.landlock_version():
        calls.control(calls.NO_NEW_PRIVILEGES, 1)
        own = rooms.OWN if apart else asked["folder"]
        readable = ["/"] if apart else [*asked["readable"], *([asked["data"]] if asked["data"] else [])]
        filters.restrict_files(readable, [own, "/dev/null", "/dev/zero", "/proc/self"])
    filters.filter_calls(may_leave=apart)


def _end_group(child: int) -> None:
    try:
        os.killpg(child, 9)
    except ProcessLookupError:
        return


def _say(control: socket.socket, said: dict[str, Any]) -> None:
    try:
        control.sendall(json.dumps(said).encode())
    except BrokenPipeError:
        os._exit(0)


PRELOADED = (figures,)  # the folder they lie in is hidden once the new root is entered
