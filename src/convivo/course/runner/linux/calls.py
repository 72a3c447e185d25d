"""The system calls that contain a process, with the numbers that Linux gives them on 64-bit Intel and ARM.

Each raises OSError with the name of the call, so that one can say at which step a system refused.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

NEW_MOUNTS = 0x00020000
NEW_HOST_NAME = 0x04000000
NEW_SHARED_MEMORY = 0x08000000  # System V objects and message queues
NEW_USERS = 0x10000000
NEW_PROCESSES = 0x20000000
NEW_NETWORK = 0x40000000

READ_ONLY = 1
NO_SET_USER = 2
NO_DEVICES = 4
NO_PROGRAMS = 8
BIND = 4096
RECURSIVE = 16384
PRIVATE = 1 << 18
DETACH = 2

MOUNT_SETATTR = 442  # the same on every machine, as of Linux 5.12
LANDLOCK = (444, 445, 446)  # create a ruleset, add a rule, restrict oneself
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}
AT_RECURSIVE = 0x8000
AT_HERE = -100

NO_NEW_PRIVILEGES = 38
DUMPABLE = 4
DIE_WITH_PARENT = 1
TAKE_IN_ORPHANS = 36
DROP_FROM_BOUNDING_SET = 24
SECCOMP = 22


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("users", ctypes.c_uint64),
    )


def machine() -> str:
    """The processor's architecture, as the tables of numbers call it."""
    return os.uname().machine


def unshare(flags: int) -> None:
    """Leave the namespaces that are shared with others."""
    _checked("unshare", _library().unshare(flags))


def enter(namespace: int, kind: int) -> None:
    """Let children be born into the namespace of this file descriptor again."""
    _checked("setns", _library().setns(namespace, kind))


def mount(source: str, target: str | Path, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or bind a folder or file to another place."""
    given = options.encode() or None
    result = _library().mount(source.encode(), str(target).encode(), kind.encode() or None, flags, given)
    _checked(f"mount {target}", result)


def detach(target: str) -> None:
    """Take a mount away, also where it is in use."""
    _checked(f"umount {target}", _library().umount2(target.encode(), DETACH))


def make_read_only(target: str, *, more: int = 0) -> None:
    """Make all that is mounted at and below a place read-only, without programs that change the user."""
    attributes = _Attributes(READ_ONLY | NO_SET_USER | more, 0, 0, 0)
    size = ctypes.sizeof(attributes)
    given = (AT_HERE, target.encode(), AT_RECURSIVE, ctypes.byref(attributes), size)
    _checked("mount_setattr", _library().syscall(MOUNT_SETATTR, *given))


def change_root(new: str, old: str) -> None:
    """Make `new` the root, and let the old one lie at `old`, which is below it."""
    _checked("pivot_root", _library().syscall(PIVOT_ROOT[machine()], new.encode(), old.encode()))


def control(option: int, value: int = 0) -> None:
    """Prctl with one value."""
    _checked(f"prctl {option}", _library().prctl(option, value, 0, 0, 0))


def give_up_capabilities() -> None:
    """Have no privilege left, and no way to get one."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text()) if Path("/proc/sys").exists() else 40
    for capability in range(last + 1):
        control(DROP_FROM_BOUNDING_SET, capability)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked("capset", _library().syscall(CAPSET[machine()], header, nothing))


def call(number: int, *given: object) -> int:
    """Any other system call; -1 is an error, whose number is in ctypes.get_errno()."""
    return int(_library().syscall(number, *given))


def library_prctl(option: int, first: int, second: object) -> None:
    """Prctl with a pointer, for seccomp."""
    _checked(f"prctl {option}", _library().prctl(option, first, second, 0, 0))


_loaded: ctypes.CDLL | None = None


def _library() -> ctypes.CDLL:
    global _loaded
    if _loaded is None:
        _loaded = ctypes.CDLL(None, use_errno=True)
    return _loaded


def _checked(what: str, result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
