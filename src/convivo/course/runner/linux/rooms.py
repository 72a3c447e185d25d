"""A root folder of one's own: Python and the system's libraries to read, and nothing else.

The warmed process enters it once, before it imports torch; each run then gets what nobody else has, a folder to write
into, processes it can see, and no way back:

    leave(), enter(...)    the warmed process, once
    fork_apart(...)        for each run
    close_in(...)          in the child, before a line of the learner's runs
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from convivo.course.runner.linux import calls

HOST = "/.host"  # where the real root lies for the warmed process; a run detaches it before it begins
OWN = "/yours"  # the folder of a run, a file system of its own that ends with it
STAGE = "/tmp"  # noqa: S108  where the new root stands for a moment, until it is the root
DATA = "/data"
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
class Entered:
    """What the system let us do."""

    as_root: bool
    own_processes: int  # a file descriptor of the namespace into which the warmed process was born


def leave() -> None:
    """Leave the users, mounts and processes of this machine. Does not return in this process, but in a grandchild.

    That is the first process of a namespace of its own, and root within; where convivo runs as root, there also is a
    user who may nothing. Who is who must be written from outside, by the process that stays and waits.
    Raises OSError where the system forbids it.
    """
    asks, hears = os.pipe()
    answers, waits = os.pipe()
    if (child := os.fork()) != 0:
        os.close(hears)
        os.close(answers)
        _introduce(child, asks, waits)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)
    os.close(asks)
    os.close(waits)
    calls.unshare(calls.NEW_USERS | calls.NEW_MOUNTS | calls.NEW_PROCESSES)
    os.write(hears, b"!")
    if os.read(answers, 1) != b"!":
        raise OSError(errno.EPERM, "uid_map: " + os.strerror(errno.EPERM))
    os.close(hears)
    os.close(answers)
    calls.control(calls.DIE_WITH_PARENT, 9)
    if (child := os.fork()) != 0:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)
    calls.control(calls.DIE_WITH_PARENT, 9)


def _introduce(child: int, asks: int, waits: int) -> None:
    """Say who the child is, once it has left."""
    if os.read(asks, 1) != b"!":
        return
    user, group = os.geteuid(), os.getegid()
    try:
        if user == 0:
            Path(f"/proc/{child}/uid_map").write_text(f"0 0 1\n{LEARNER} {NOBODY} 1\n")
            Path(f"/proc/{child}/gid_map").write_text(f"0 {group} 1\n{LEARNER} {NOBODY} 1\n")
        else:
            _map_one(0, user, group, f"/proc/{child}")
    except OSError:
        os.write(waits, b"?")
    else:
        os.write(waits, b"!")


def enter(readable: tuple[Bound, ...], hidden: Path, *, as_root: bool) -> Entered:
    """Build the new root and make it ours. `readable` may be read inside, except for what is below `hidden`."""
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
    calls.mount("tmpfs", hidden, "tmpfs", calls.NO_SET_USER, "mode=755,size=4k")
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
