"""A root folder of one's own: Python and the system's libraries to read, and nothing else.

The warmed process moves into it once; each run then gets what nobody else has, a folder to write
into, processes it can see, and no way back:

    move(...)          the warmed process, once
    fork_apart(...)    for each run
    close_in(...)      in the child, before a line of the learner's runs
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from convivo.course.runner.linux import calls

HOST = "/.host"  # where the real root lies for the warmed process; a run detaches it before it begins
OWN = "/yours"  # the folder of a run, a file system of its own that ends with it
STAGE = "/tmp"  # noqa: S108  where the new root stands for a moment, until it is the root
DATA = "/data"
DONE = b"!"
LEARNER = 1000  # its number inside
NOBODY = 65534  # whom it is outside, where convivo itself runs as root
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin")
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts")
DEVICES = ("null", "zero", "full", "random", "urandom")


@dataclass(frozen=True, slots=True)
class Bound:
    """A folder or file that can be read inside: under which path, and where it really lies."""

    path: Path
    real: Path  # without links, which would lead elsewhere inside


@dataclass(frozen=True, slots=True)
class Refused:
    """The system does not let us."""

    why: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What the system let us do."""

    as_root: bool
    own_processes: int  # a file descriptor of the namespace into which the warmed process was born


def move(readable: tuple[Bound, ...], hidden: Path, tried: Callable[[Entered], None]) -> Entered | Refused:
    """Move into a room of one's own; `tried` is called there and may raise OSError where it does not do.

    Returns Entered in another process, the first of a namespace of its own, and root within it; this one waits until
    that has ended, and ends. Where the system refuses, this one goes on and is told why.
    """
    as_root = os.geteuid() == 0
    hears, tells = os.pipe()
    asks, answers = socket.socketpair()
    if (child := os.fork()) != 0:
        os.close(tells)
        answers.close()
        _introduce(child, asks)
        return _wait(child, hears)
    try:
        calls.unshare(calls.NEW_USERS | calls.NEW_MOUNTS | calls.NEW_PROCESSES)
        _be_introduced(answers)
        calls.control(calls.DIE_WITH_PARENT, signal.SIGKILL)
        if (child := os.fork()) != 0:
            os.close(tells)
            os.waitpid(child, 0)
            os._exit(0)
        calls.control(calls.DIE_WITH_PARENT, signal.SIGKILL)
        entered = _enter(readable, hidden, as_root=as_root)
        tried(entered)
    except OSError as error:
        os.write(tells, (error.strerror or str(error)).encode())
        os._exit(0)
    os.write(tells, DONE)
    os.close(tells)
    os.close(hears)
    asks.close()
    answers.close()
    return entered


def _wait(child: int, hears: int) -> Refused:
    """In the process that stays: for the one that moves, as long as it lives."""
    verdict = os.read(hears, 1000)
    os.waitpid(child, 0)
    if verdict == DONE:
        os._exit(0)
    os.close(hears)
    return Refused(verdict.decode() or "it ended without a word")


def _introduce(child: int, asks: socket.socket) -> None:
    """Who is who within must be said from outside, once the child has left."""
    with asks:
        if asks.recv(1) != DONE:
            return
        user, group = os.geteuid(), os.getegid()
        try:
            if user == 0:  # two users: we, who may read what root may, and the learner, who is nobody
                Path(f"/proc/{child}/uid_map").write_text(f"0 0 1\n{LEARNER} {NOBODY} 1\n")
                Path(f"/proc/{child}/gid_map").write_text(f"0 {group} 1\n{LEARNER} {NOBODY} 1\n")
            else:
                _map_one(0, user, group, f"/proc/{child}")
        except OSError as error:
            asks.send(f"uid_map: {error.strerror}".encode())
        else:
            asks.send(DONE)


def _be_introduced(answers: socket.socket) -> None:
    answers.send(DONE)
    said = answers.recv(1000)
    if said != DONE:
        raise PermissionError(said.decode())


def _enter(readable: tuple[Bound, ...], hidden: Path, *, as_root: bool) -> Entered:
    """Build the new root and make it ours: `readable` may be read inside, except for what is below `hidden`."""
    calls.mount("none", "/", flags=calls.RECURSIVE | calls.PRIVATE)
    calls.mount("tmpfs", STAGE, "tmpfs", calls.NO_SET_USER, "mode=755,size=4m")
    Path(STAGE + HOST).mkdir()
    os.chdir(STAGE)
    calls.change_root(".", "." + HOST)
    os.chdir("/")
    for folder in SYSTEM:
        _same(folder)
    for path in SETTINGS:
        _bind(path, path)
    for bound in readable:
        _bind(str(bound.real), str(bound.path))
        _bind(str(bound.real), str(bound.real))  # some libraries follow links themselves
    for place in places(hidden, readable):
        calls.mount("tmpfs", place, "tmpfs", calls.NO_SET_USER, "mode=755,size=4k")
    _devices()
    _people()
    for folder in (OWN, "/proc", DATA):
        Path(folder).mkdir()
    if not Path(STAGE).exists():
        Path(STAGE).symlink_to(OWN)
    calls.mount("proc", "/proc", "proc", calls.NO_SET_USER | calls.NO_DEVICES | calls.NO_PROGRAMS)
    calls.make_read_only("/")
    calls.mount("tmpfs", OWN, "tmpfs", calls.NO_SET_USER | calls.NO_DEVICES, "mode=755,size=64m")
    os.chdir(OWN)
    return Entered(as_root, os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC))


def places(hidden: Path, readable: tuple[Bound, ...]) -> list[Path]:
    """Where a folder can be seen inside: a link to what holds it is another way to it."""
    holding = [bound for bound in readable if hidden.is_relative_to(bound.real)]
    found = [hidden, *(bound.path / hidden.relative_to(bound.real) for bound in holding)]
    return list(dict.fromkeys(found))


def fork_apart(entered: Entered) -> int:
    """Fork a child that is the first of its processes: it sees no others, and with it they all end."""
    calls.unshare(calls.NEW_PROCESSES)
    child = -1
    try:
        child = os.fork()
    finally:
        if child != 0:
            calls.enter(entered.own_processes, calls.NEW_PROCESSES)
    return child


def close_in(entered: Entered, *, files: int, data: str | None) -> None:
    """Make a run's own folder of `files` megabytes, let it see `data`, and shut the door behind it."""
    calls.unshare(calls.NEW_MOUNTS)
    owner = LEARNER if entered.as_root else 0
    size = f"mode=700,size={files}m,nr_inodes=4096,uid={owner},gid={owner}"
    calls.mount("tmpfs", OWN, "tmpfs", calls.NO_SET_USER | calls.NO_DEVICES, size)
    calls.mount("proc", "/proc", "proc", calls.NO_SET_USER | calls.NO_DEVICES | calls.NO_PROGRAMS)
    if data is not None:
        calls.mount(HOST + data, DATA, flags=calls.BIND | calls.RECURSIVE)
        calls.make_read_only(DATA, more=calls.NO_DEVICES | calls.NO_PROGRAMS)
    calls.detach(HOST)
    os.chdir(OWN)
    if entered.as_root:
        os.setgroups([])
        os.setresgid(LEARNER, LEARNER, LEARNER)
        os.setresuid(LEARNER, LEARNER, LEARNER)
        calls.control(calls.DUMPABLE, 1)  # or it could not write who it is in the next namespace
    user, group = os.geteuid(), os.getegid()
    calls.unshare(calls.NEW_USERS | calls.NEW_NETWORK | calls.NEW_SHARED_MEMORY | calls.NEW_HOST_NAME)
    _map_one(LEARNER, user, group, "/proc/self")
    calls.give_up_capabilities()


def _map_one(inside: int, user: int, group: int, process: str) -> None:
    Path(process, "setgroups").write_text("deny")
    Path(process, "uid_map").write_text(f"{inside} {user} 1\n")
    Path(process, "gid_map").write_text(f"{inside} {group} 1\n")


def _same(folder: str) -> None:
    """/lib and its kind: a link where it is one on this system, or the folder itself."""
    real = Path(HOST + folder)
    if real.is_symlink():
        Path(folder).symlink_to(real.readlink())
    else:
        _bind(folder, folder)


def _bind(source: str, target: str) -> None:
    """Let a folder or a file of the real root be seen at a place, where it is not seen there already."""
    real, place = Path(HOST + source), Path(target)
    if not real.exists() or place.exists():
        return
    if real.is_dir():
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    calls.mount(str(real), place, flags=calls.BIND | calls.RECURSIVE)


def _devices() -> None:
    Path("/dev").mkdir()
    for name in DEVICES:
        Path("/dev", name).touch()
        calls.mount(f"{HOST}/dev/{name}", f"/dev/{name}", flags=calls.BIND)
    for name, target in (("fd", "/proc/self/fd"), ("shm", OWN), ("stdout", "fd/1"), ("stderr", "fd/2")):
        Path("/dev", name).symlink_to(target)


def _people() -> None:
    Path("/etc").mkdir(exist_ok=True)
    Path("/etc/passwd").write_text(f"learner:x:{LEARNER}:{LEARNER}::{OWN}:/bin/sh\n")
    Path("/etc/group").write_text(f"learner:x:{LEARNER}:\n")
