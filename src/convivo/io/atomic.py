"""Writing that either happens or leaves no trace: a temporary name beside the target, then one rename.

A reader therefore never meets half a file, and a run that is killed leaves the older result as it was.
The temporary file keeps the ending of the target, because many writers choose the format by it.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from convivo.errors import BadInput, CannotWrite

if TYPE_CHECKING:
    from collections.abc import Iterator

_ELSEWHERE: Final = "choose another folder with --out"
_ROOM: Final = f"free some space, or {_ELSEWHERE}"
_RIGHTS: Final = f"close programs that hold it open, ask for the right to write there, or {_ELSEWHERE}"
_REFUSALS: Final = {
    errno.ENOSPC: ("the disk is full", _ROOM),
    errno.EDQUOT: ("your disk quota is used up", _ROOM),
    errno.EFBIG: ("the file grows larger than is allowed there", _ELSEWHERE),
    errno.EROFS: ("the disk is read-only", _ELSEWHERE),
    errno.EACCES: ("permission denied", _RIGHTS),
    errno.EPERM: ("the operation is not permitted", _RIGHTS),
    errno.EBUSY: ("the file is in use", _RIGHTS),
    errno.ENOENT: ("the folder does not exist", f"create the folder, or {_ELSEWHERE}"),
    errno.ENOTDIR: ("a part of the path is a file, not a folder", _ELSEWHERE),
    errno.EEXIST: ("there is a file of that name", _ELSEWHERE),
    errno.EISDIR: ("there is a folder of that name", f"rename that folder, or {_ELSEWHERE}"),
    errno.ENAMETOOLONG: ("the name is too long", f"shorten the name, or {_ELSEWHERE}"),
    errno.EINVAL: ("the name is not allowed on that disk", f"rename the image, or {_ELSEWHERE}"),
    errno.EIO: ("the disk reports an error", f"check the disk, or {_ELSEWHERE}"),
    errno.ENXIO: ("the disk is gone", _ELSEWHERE),
    errno.ESTALE: ("the network folder is gone", _ELSEWHERE),
}
_PROBE: Final = bytes(4096)  # one block: a full disk often still takes an empty file


@contextmanager
def writing(path: str | Path) -> Iterator[Path]:
    """Lend a temporary path beside `path`; rename it over `path` when the block ends well, else remove it.

    Raises CannotWrite where the disk refuses, also from inside the block. Every other error passes unchanged.
    A symbolic link stays a link: the file it points to is replaced.
    """
    target = Path(os.path.realpath(path))
    temporary = _temporary(target)
    try:
        with _refusals(path, temporary, target):
            _reserve(temporary, target)
            yield temporary
            temporary.replace(target)
    except BaseException:  # Ctrl-C as well
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def output_folder(path: str | Path) -> Path:
    """Create the folder where it is missing, and try it with one small file; raises CannotWrite."""
    folder = Path(path)
    probe = _temporary(folder / "probe")
    try:
        with _refusals(folder, probe, folder, *folder.parents):
            folder.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(_PROBE)
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return folder


def empty_folders(*paths: Path) -> list[Path]:
    """As `output_folder`, each; raises BadInput where one holds files, with which new ones would be mixed unseen."""
    for path in paths:
        held = sorted(each.name for each in path.glob("[!.]*")) if path.is_dir() else []
        if held:
            count = "1 file" if len(held) == 1 else f"{len(held):,} files"
            raise BadInput(
                f"{path} holds {count} already ({held[0]}), and new ones would be mixed with them",
                fix="give another folder, or remove this one first",
            )
    return [output_folder(path) for path in paths]


def _temporary(target: Path) -> Path:
    """Hidden, so that whoever lists the folder meanwhile does not count it; short, as names are limited."""
    return target.with_name(f".{secrets.token_hex(6)}.part{target.suffix}")


def _reserve(temporary: Path, target: Path) -> None:
    """Fail before the work, not after it. (`tempfile` would make a file that only its owner may read.)"""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))


@contextmanager
def _refusals(path: str | Path, *ours: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        refusal = _refusal(error) if error.filename is None or Path(error.filename) in ours else None
        if refusal is None:
            raise
        reason, fix = refusal
        raise CannotWrite(f"cannot write {path}: {reason}", fix=fix) from error


def _refusal(error: OSError) -> tuple[str, str] | None:
    """Reason and fix, or None where it is not the disk that refuses (a lost connection is an OSError too)."""
    if error.errno in _REFUSALS:
        return _REFUSALS[error.errno]
    if (
        type(error) is OSError and error.errno is None
    ):  # numpy says "8 requested and 0 written", without a number
        return str(error) or "the disk refuses", _ROOM
    return None
