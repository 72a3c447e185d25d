"""The warmed process: it has imported and used everything, and forks itself for each run.

It knows no secret: its environment holds settings of libraries alone, checks, solutions and folders of the lab are not
in its memory, programs and values reach a run over a socket that it never reads. It is told over one socket what to do:

    us -> it    {"start": 7, "limits": {...}, "data": "/…"} with the file descriptors of the run's ends
    it -> us    {"started": 7} with a descriptor of the process, later {"ended": 7, "status": 9, "cpu": 1.2}

Where the socket closes it ends, and with it every run.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from convivo.course.runner import confine, figures, inside, warming
from convivo.course.runner.house import CANNOT_BEGIN
from convivo.course.runner.linux import calls, filters, rooms
from convivo.course.runner.program import Limits

MESSAGE = 1 << 18


@dataclass(frozen=True, slots=True)
class Setting:
    """What it is started with."""

    readable: tuple[rooms.Bound, ...]
    hidden: Path
    apart: bool  # whether to try
    warm: bool


def main(given: str) -> None:
    """Warm, move, serve. `given` is JSON; standard input is the socket."""
    told = json.loads(given)
    bounds = tuple(rooms.Bound(Path(path), Path(path).resolve()) for path in told["readable"])
    setting = Setting(bounds, Path(told["hidden"]), told["apart"], told["warm"])
    control = socket.socket(fileno=os.dup(0))
    control.set_inheritable(False)
    sys.stdout, sys.stderr = inside.OUT, inside.ERR
    if setting.warm:
        warming.warm()
    for name in confine.OWN_FOLDERS:
        os.environ[name] = rooms.OWN
    placed: rooms.Entered | rooms.Refused = rooms.Refused("it was not asked for")
    if setting.apart:
        placed = rooms.move(setting.readable, setting.hidden, _try_a_run)
    entered = placed if isinstance(placed, rooms.Entered) else None
    report = {
        "apart": entered is not None,
        "because": placed.why if isinstance(placed, rooms.Refused) else "",
    }
    _say(control, report | {"landlock": filters.landlock_version(), "filters": filters.known_here()})
    nursery = Nursery(control, setting, entered)
    nursery.serve()
    nursery.close()
    os._exit(0)


class Nursery:
    """Forks runs and says when they end."""

    def __init__(self, control: socket.socket, setting: Setting, entered: rooms.Entered | None) -> None:
        self._control = control
        self._setting = setting
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

    def close(self) -> None:
        """End what still runs; in a room of its own, this process ends it by ending."""
        for child, _ in self._runs.values():
            if self._entered is None:
                _end_group(child)

    def _ask(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 3)
        if not data:
            return False
        self._bear(json.loads(data), confine.Ends(*descriptors))
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
            _grow_up(asked, ends, self._setting, self._entered)
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


def _grow_up(
    asked: dict[str, Any], ends: confine.Ends, setting: Setting, entered: rooms.Entered | None
) -> NoReturn:
    """In the run's own process: close the doors, then live."""
    code = CANNOT_BEGIN
    try:
        limits = Limits(**asked["limits"])
        if entered is not None:
            rooms.close_in(entered, files=limits.files, data=asked["data"])
        else:
            _settle(asked["folder"])
        end = confine.take_places(ends)
        confine.use_threads(limits.threads)
        confine.limit(limits, counted_apart=entered is not None)
        if entered is not None:
            _wall()
        else:
            _wall_without_room(asked, setting)
        if asked["data"] is not None:
            os.environ["CONVIVO_DATA"] = rooms.DATA if entered is not None else asked["data"]
        inside.live(end)
        code = 0
    except BaseException:  # noqa: BLE001  whatever it is, this process goes no further than here
        os.write(2, traceback.format_exc().encode()[-2000:])
    finally:
        os._exit(code)


def _settle(folder: str) -> None:
    """Without a room of its own: a group of its own, and a folder that is deleted afterwards."""
    os.setsid()
    calls.control(calls.DIE_WITH_PARENT, signal.SIGKILL)
    calls.control(calls.TAKE_IN_ORPHANS, 1)  # so that all that it started is found among its children
    os.chdir(folder)
    for name in confine.OWN_FOLDERS:
        os.environ[name] = folder


def _wall() -> None:
    """Landlock, where there is one, and seccomp, on top of what the room keeps out."""
    if filters.landlock_version():
        filters.restrict_files(["/"], [rooms.OWN, *confine.WRITABLE])
    filters.filter_calls(may_leave=True)


def _wall_without_room(asked: dict[str, Any], setting: Setting) -> None:
    """What needs no room: Landlock and seccomp, where this kernel and this machine have them."""
    if filters.landlock_version():
        data = [asked["data"]] if asked["data"] else []
        libraries = confine.outside([bound.real for bound in setting.readable], setting.hidden)
        readable = [*rooms.SYSTEM, *rooms.SETTINGS, "/dev", "/proc", *libraries, *data]
        filters.restrict_files(readable, [asked["folder"], *confine.WRITABLE])
    if filters.known_here():
        filters.filter_calls(may_leave=False)


def _try_a_run(entered: rooms.Entered) -> None:
    """Close the doors behind a run that does nothing. Raises OSError with the step that the system refuses."""
    if not filters.known_here():
        raise OSError(f"no table of system calls for {os.uname().machine}")
    hears, tells = os.pipe()
    child = rooms.fork_apart(entered)
    if child == 0:
        try:
            rooms.close_in(entered, files=1, data=None)
            confine.limit(Limits(), counted_apart=True)
            _wall()
            os.write(tells, rooms.DONE)
        except OSError as error:
            os.write(tells, (error.strerror or str(error)).encode())
        finally:
            os._exit(0)
    os.close(tells)
    os.waitpid(child, 0)
    verdict = os.read(hears, MESSAGE)
    os.close(hears)
    if verdict != rooms.DONE:
        raise OSError(verdict.decode() or "a run could not close its doors")


def _end_group(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        return


def _say(control: socket.socket, said: dict[str, Any]) -> None:
    try:
        control.sendall(json.dumps(said).encode())
    except BrokenPipeError:
        os._exit(0)


PRELOADED = (figures,)  # the folder in which they lie cannot be seen any more once it has moved
