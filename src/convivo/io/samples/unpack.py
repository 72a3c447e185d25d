"""Open a zip from outside without trusting it: no way out of its folder, no links, no bombs."""

import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from convivo.errors import BadInput
from convivo.io.samples.disk import make_folder, refusals
from convivo.io.samples.progress import Progress

LARGEST = 4 * 2**30  # bytes a zip may hold unpacked: many times the largest data set of the catalogue
MOST = 20_000  # files it may hold
UNREADABLE = (
    BadZipFile,
    zlib.error,
    LZMAError,
    EOFError,
    RuntimeError,  # also for an unknown compression
    ValueError,
    struct.error,
)
FETCH_AGAIN = "fetch it again (--again), or check the file that was given with --from"


def unpack(archive: Path, folder: Path, *, largest: int = LARGEST) -> Iterator[Progress]:
    """Unpack `archive` into a new `folder`.

    Raises BadInput, before anything is written, where a name leads out of the folder, where a member is a
    link or a device, or where the zip holds more than `largest` bytes; and where a member is damaged.
    """
    with opened(archive) as zipped:
        members = _members(zipped, archive, largest)
        total, done = sum(member.file_size for member in members), 0
        for member in members:
            with reading(archive):
                _extract(zipped, member, folder / member.filename)
            done += member.file_size
            yield Progress(f"unpacking {archive.name}", done, total)


@contextmanager
def opened(archive: Path) -> Iterator[ZipFile]:
    """A zip file, open for reading."""
    with reading(archive):
        zipped = ZipFile(archive)
    with zipped:
        yield zipped


@contextmanager
def reading(archive: Path) -> Iterator[None]:
    """Turn whatever a damaged zip or a bad disk makes Python raise into BadInput."""
    try:
        yield
    except UNREADABLE as error:
        raise BadInput(f"{archive} is no zip file, or a damaged one: {error}", fix=FETCH_AGAIN) from error
    except OSError as error:
        raise BadInput(f"{archive} cannot be read: {error.strerror or error}", fix=FETCH_AGAIN) from error


def _members(zipped: ZipFile, archive: Path, largest: int) -> list[ZipInfo]:
    """Files of a zip that has nothing dangerous in it."""
    entries = zipped.infolist()
    for entry in entries:
        if trick := _trick(entry):
            raise BadInput(f"{archive} is not safe to unpack: {entry.filename!r} {trick}", fix=FETCH_AGAIN)
    files = [entry for entry in entries if not entry.is_dir()]
    if _collide(files):
        raise BadInput(f"{archive} is not safe to unpack: two of its files have one name", fix=FETCH_AGAIN)
    size = sum(entry.file_size for entry in files)
    if size > largest or len(entries) > MOST:
        problem = f"{archive} would unpack to {size:,} bytes in {len(files):,} files"
        raise BadInput(f"{problem}; at most {largest:,} in {MOST:,} are allowed", fix=FETCH_AGAIN)
    return files


def _trick(entry: ZipInfo) -> str:
    """What is wrong with a member, or nothing."""
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or not path.parts or set("\\:") & set(entry.filename):
        return "leads out of its folder"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device"
    return ""


def _collide(files: list[ZipInfo]) -> bool:
    """Whether two files, or a file and a folder, would lie in one place (on a disk that ignores case too)."""
    names = [PurePosixPath(file.filename.casefold()) for file in files]
    folders = {parent for name in names for parent in name.parents}
    return len(set(names)) < len(names) or not folders.isdisjoint(names)


def _extract(zipped: ZipFile, member: ZipInfo, target: Path) -> None:
    """Write one member; zipfile stops at the size it declares and compares the checksum."""
    make_folder(target.parent)
    with refusals(target):
        target.touch(exist_ok=False)
    with zipped.open(member) as source:
        while chunk := source.read(1 << 20):
            with refusals(target), target.open("ab") as file:
                file.write(chunk)
