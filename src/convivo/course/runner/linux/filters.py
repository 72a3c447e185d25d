"""Two walls that need no privilege: Landlock for files, seccomp for system calls.

Landlock: everything that can be seen may be read, and only one's own folder written. seccomp: calls are refused that no
exercise needs and that flaws of the kernel were reached by, and every socket but those between one's own processes.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from convivo.course.runner.linux import calls

_WRITING = 1 << 1 | sum(1 << bit for bit in range(4, 15))  # write, remove, make of each kind, move, cut short
_READING = 0b1101  # run, read a file, read a folder
_WIRES = 0b11  # TCP: bind and connect
_APART = 0b11  # no sockets without a file, no signals, to those outside


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("wires", ctypes.c_uint64), ("apart", ctypes.c_uint64))


class _Below(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def landlock_version() -> int:
    """0 where this kernel has none."""
    return max(calls.call(calls.LANDLOCK[0], None, 0, 1), 0)


def restrict_files(readable: Iterable[str], writable: Iterable[str]) -> None:
    """From now on this process and its children read and write only below these. Raises OSError."""
    calls.control(calls.NO_NEW_PRIVILEGES, 1)
    version = landlock_version()
    files = _READING | _WRITING
    files &= ~(0 if version >= 3 else 1 << 14) & ~(0 if version >= 2 else 1 << 13)
    rules = _Ruleset(files, _WIRES if version >= 4 else 0, _APART if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = calls.call(calls.LANDLOCK[0], ctypes.byref(rules), size, 0)
    _succeeded("landlock_create_ruleset", ruleset)
    for paths, allowed in ((readable, _READING), (writable, files)):
        for path in paths:
            _allow(ruleset, path, allowed)
    _succeeded("landlock_restrict_self", calls.call(calls.LANDLOCK[2], ruleset, 0))
    os.close(ruleset)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not Path(path).is_dir():
        allowed &= 0b0111 | 1 << 14  # what a file can be allowed
    rule = _Below(allowed, folder)
    _succeeded("landlock_add_rule", calls.call(calls.LANDLOCK[1], ruleset, 1, ctypes.byref(rule), 0))
    os.close(folder)


def _succeeded(what: str, result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


# name: its number on x86_64, on aarch64; None where there is none
REFUSED: dict[str, tuple[int | None, int]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "syslog": (103, 116),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "fanotify_init": (300, 262),
    "vhangup": (153, 58),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "modify_ldt": (154, -1),
    "personality": (135, 92),
    # memory that no limit of a process counts
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
# refused in addition where processes share what they see with others: they stay in one group, which can be ended
LEAVING = {"setsid": (112, 157), "setpgid": (109, 154)}

_SOCKET = {"x86_64": 41, "aarch64": 198}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NEW_ANYTHING = 0x7E020000  # every kind of namespace, as clone is asked for it
_UNIX = 1

_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _MACHINE, _FIRST = 0, 4, 16


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def known_here() -> bool:
    """Whether the numbers of this machine's system calls stand in the tables."""
    return calls.machine() in _MACHINES


def filter_calls(*, may_leave: bool) -> None:
    """Refuse those calls, for good, in this process and its children. Raises OSError or KeyError."""
    code = instructions(calls.machine(), may_leave=may_leave)
    calls.control(calls.NO_NEW_PRIVILEGES, 1)
    program = _Program(len(code) // 8, code)
    calls.library_prctl(calls.SECCOMP, 2, ctypes.byref(program))


def instructions(machine: str, *, may_leave: bool) -> bytes:
    """The filter as the kernel reads it: eight bytes an instruction."""
    column = list(_MACHINES).index(machine)
    table = REFUSED if may_leave else REFUSED | LEAVING
    refuse = _one(_RETURN, _REFUSE | errno.EPERM)
    code = [
        _one(_LOAD, _MACHINE),
        _one(_EQUAL, _MACHINES[machine], 1, 0),
        _one(_RETURN, _KILL),  # another architecture has other numbers
        _one(_LOAD, _NUMBER),
        _one(_AT_LEAST, 0x40000000, 0, 1),
        _one(_RETURN, _KILL),  # so has this one
        _one(_EQUAL, _CLONE3, 0, 1),  # its flags cannot be read here; without it, clone is used
        _one(_RETURN, _REFUSE | errno.ENOSYS),
        _one(_EQUAL, _SOCKET[machine], 0, 4),
        _one(_LOAD, _FIRST),
        _one(_EQUAL, _UNIX, 0, 1),
        _one(_RETURN, _ALLOW),
        refuse,
        _one(_EQUAL, _CLONE[machine], 0, 5),
        _one(_LOAD, _FIRST),
        _one(_AND, _NEW_ANYTHING),
        _one(_EQUAL, 0, 0, 1),
        _one(_RETURN, _ALLOW),
        refuse,
    ]
    for numbers in table.values():
        number = numbers[column]
        if number is not None and number >= 0:
            code += [_one(_EQUAL, number, 0, 1), refuse]
    return b"".join([*code, _one(_RETURN, _ALLOW)])


def _one(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)
